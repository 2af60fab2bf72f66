"""A parcel's and a holder's county is checked once a statement, and a holding's references in one look where all is new."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("counties", "0003_county_kept_for_parcels"),
        ("parcels", "0041_file_notices"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="holder",
            name="kept_for_cadastre_holding",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="holding",
            name="parcel_id_known_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="holding",
            name="parcel_id_known_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="holding",
            name="holder_id_known_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="holding",
            name="holder_id_known_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="parcel",
            name="kept_for_cadastre_holding",
        ),
        migrations.AlterField(
            model_name="holder",
            name="county",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="counties.county",
            ),
        ),
        migrations.AlterField(
            model_name="parcel",
            name="county",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="counties.county",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="holder",
            trigger=pgtrigger.compiler.Trigger(
                name="county_id_known",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE standing text;",
                    func="\n    SELECT min(c.county_id) INTO standing FROM cadastre_holder c;\n    WHILE standing IS NOT NULL LOOP\n        PERFORM 1 FROM counties_county p WHERE p.code = standing FOR KEY SHARE;\n        IF NOT FOUND THEN\n            RAISE EXCEPTION 'landgis: % (%) points to no row of counties_county', 'county_id', standing\n                USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;\n        END IF;\n        SELECT min(c.county_id) INTO standing FROM cadastre_holder c WHERE c.county_id > standing;\n    END LOOP;\n    RETURN NULL;\n",
                    hash="2b038eb5c0c1f895071a67eb43aa4311e263e30b",
                    level="STATEMENT",
                    operation='INSERT OR UPDATE OF "county_id"',
                    pgid="pgtrigger_county_id_known_16b0e",
                    table="cadastre_holder",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="holder",
            trigger=pgtrigger.compiler.Trigger(
                name="kept_for_cadastre_holding",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE pointed_at text;",
                    func="\n    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN\n        RAISE EXCEPTION 'landgis: cadastre_holder is only deleted from in a transaction that reads what is committed'\n            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;\n    END IF;\n    SELECT o.id INTO pointed_at FROM old_values o\n      WHERE EXISTS (SELECT FROM cadastre_holding c WHERE c.holder_id = o.id) LIMIT 1;\n    IF FOUND THEN\n        RAISE EXCEPTION 'landgis: cadastre_holder (%) is still pointed at by cadastre_holding', pointed_at\n            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;\n    END IF;\n    RETURN NULL;\n",
                    hash="fdd5f1b270549fc82963e10caa1eb3316300866a",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_kept_for_cadastre_holding_ea520",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="cadastre_holder",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="holding",
            trigger=pgtrigger.compiler.Trigger(
                name="parcel_id_known_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE own xid; missing bigint;",
                    func="\n    own := pg_current_xact_id()::xid;\n    PERFORM 1 FROM new_values n LEFT JOIN cadastre_parcel p ON p.id = n.parcel_id AND p.xmin = own\n      WHERE n.parcel_id IS NOT NULL AND p.id IS NULL LIMIT 1;\n    IF NOT FOUND THEN\n        RETURN NULL;\n    END IF;\n    PERFORM 1 FROM cadastre_parcel p\n      WHERE p.id IN (SELECT n.parcel_id FROM new_values n) AND p.xmin <> own\n      ORDER BY p.id FOR KEY SHARE;\n    SELECT n.parcel_id INTO missing FROM new_values n\n      WHERE n.parcel_id IS NOT NULL AND NOT EXISTS (SELECT FROM cadastre_parcel p WHERE p.id = n.parcel_id) LIMIT 1;\n    IF FOUND THEN\n        RAISE EXCEPTION 'landgis: % (%) points to no row of cadastre_parcel', 'parcel_id', missing\n            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;\n    END IF;\n    RETURN NULL;\n",
                    hash="3d8c9dc2452ee1ddb59a58319a0340fa32c7fa73",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_parcel_id_known_insert_7e966",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="cadastre_holding",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="holding",
            trigger=pgtrigger.compiler.Trigger(
                name="parcel_id_known_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE own xid; missing bigint;",
                    func="\n    own := pg_current_xact_id()::xid;\n    PERFORM 1 FROM new_values n LEFT JOIN cadastre_parcel p ON p.id = n.parcel_id AND p.xmin = own\n      WHERE n.parcel_id IS NOT NULL AND p.id IS NULL LIMIT 1;\n    IF NOT FOUND THEN\n        RETURN NULL;\n    END IF;\n    PERFORM 1 FROM cadastre_parcel p\n      WHERE p.id IN (SELECT n.parcel_id FROM new_values n) AND p.xmin <> own\n      ORDER BY p.id FOR KEY SHARE;\n    SELECT n.parcel_id INTO missing FROM new_values n\n      WHERE n.parcel_id IS NOT NULL AND NOT EXISTS (SELECT FROM cadastre_parcel p WHERE p.id = n.parcel_id) LIMIT 1;\n    IF FOUND THEN\n        RAISE EXCEPTION 'landgis: % (%) points to no row of cadastre_parcel', 'parcel_id', missing\n            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;\n    END IF;\n    RETURN NULL;\n",
                    hash="5a369c6cdd62db3915644fe59a686d6893f5274f",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_parcel_id_known_update_9cda7",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="cadastre_holding",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="holding",
            trigger=pgtrigger.compiler.Trigger(
                name="holder_id_known_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE own xid; missing bigint;",
                    func="\n    own := pg_current_xact_id()::xid;\n    PERFORM 1 FROM new_values n LEFT JOIN cadastre_holder p ON p.id = n.holder_id AND p.xmin = own\n      WHERE n.holder_id IS NOT NULL AND p.id IS NULL LIMIT 1;\n    IF NOT FOUND THEN\n        RETURN NULL;\n    END IF;\n    PERFORM 1 FROM cadastre_holder p\n      WHERE p.id IN (SELECT n.holder_id FROM new_values n) AND p.xmin <> own\n      ORDER BY p.id FOR KEY SHARE;\n    SELECT n.holder_id INTO missing FROM new_values n\n      WHERE n.holder_id IS NOT NULL AND NOT EXISTS (SELECT FROM cadastre_holder p WHERE p.id = n.holder_id) LIMIT 1;\n    IF FOUND THEN\n        RAISE EXCEPTION 'landgis: % (%) points to no row of cadastre_holder', 'holder_id', missing\n            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;\n    END IF;\n    RETURN NULL;\n",
                    hash="9953715b448415345b3231610b5216bcff846c77",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_holder_id_known_insert_6b636",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="cadastre_holding",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="holding",
            trigger=pgtrigger.compiler.Trigger(
                name="holder_id_known_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE own xid; missing bigint;",
                    func="\n    own := pg_current_xact_id()::xid;\n    PERFORM 1 FROM new_values n LEFT JOIN cadastre_holder p ON p.id = n.holder_id AND p.xmin = own\n      WHERE n.holder_id IS NOT NULL AND p.id IS NULL LIMIT 1;\n    IF NOT FOUND THEN\n        RETURN NULL;\n    END IF;\n    PERFORM 1 FROM cadastre_holder p\n      WHERE p.id IN (SELECT n.holder_id FROM new_values n) AND p.xmin <> own\n      ORDER BY p.id FOR KEY SHARE;\n    SELECT n.holder_id INTO missing FROM new_values n\n      WHERE n.holder_id IS NOT NULL AND NOT EXISTS (SELECT FROM cadastre_holder p WHERE p.id = n.holder_id) LIMIT 1;\n    IF FOUND THEN\n        RAISE EXCEPTION 'landgis: % (%) points to no row of cadastre_holder', 'holder_id', missing\n            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;\n    END IF;\n    RETURN NULL;\n",
                    hash="9a112b5995fa016fc306fd1441799f40b7fcf878",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_holder_id_known_update_b95c1",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="cadastre_holding",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="parcel",
            trigger=pgtrigger.compiler.Trigger(
                name="county_id_known",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE standing text;",
                    func="\n    SELECT min(c.county_id) INTO standing FROM cadastre_parcel c;\n    WHILE standing IS NOT NULL LOOP\n        PERFORM 1 FROM counties_county p WHERE p.code = standing FOR KEY SHARE;\n        IF NOT FOUND THEN\n            RAISE EXCEPTION 'landgis: % (%) points to no row of counties_county', 'county_id', standing\n                USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;\n        END IF;\n        SELECT min(c.county_id) INTO standing FROM cadastre_parcel c WHERE c.county_id > standing;\n    END LOOP;\n    RETURN NULL;\n",
                    hash="ff356445af2405c2fa79ef19c7685dffa3984a43",
                    level="STATEMENT",
                    operation='INSERT OR UPDATE OF "county_id"',
                    pgid="pgtrigger_county_id_known_a7fe1",
                    table="cadastre_parcel",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="parcel",
            trigger=pgtrigger.compiler.Trigger(
                name="kept_for_cadastre_holding",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE pointed_at text;",
                    func="\n    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN\n        RAISE EXCEPTION 'landgis: cadastre_parcel is only deleted from in a transaction that reads what is committed'\n            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;\n    END IF;\n    SELECT o.id INTO pointed_at FROM old_values o\n      WHERE EXISTS (SELECT FROM cadastre_holding c WHERE c.parcel_id = o.id) LIMIT 1;\n    IF FOUND THEN\n        RAISE EXCEPTION 'landgis: cadastre_parcel (%) is still pointed at by cadastre_holding', pointed_at\n            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;\n    END IF;\n    RETURN NULL;\n",
                    hash="8786f8dd9e8c6536101caea418d77c20c3779e08",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_kept_for_cadastre_holding_3ba51",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="cadastre_parcel",
                    when="AFTER",
                ),
            ),
        ),
    ]
