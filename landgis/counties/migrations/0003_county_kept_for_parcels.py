"""A county that parcels or holders point to stays and keeps its code: what their foreign keys said row by row."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("counties", "0002_parameter_successors"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="county",
            trigger=pgtrigger.compiler.Trigger(
                name="kept_for_cadastre_parcel",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE pointed_at text;",
                    func="\n    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN\n        RAISE EXCEPTION 'landgis: counties_county is only deleted from in a transaction that reads what is committed'\n            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;\n    END IF;\n    SELECT o.code INTO pointed_at FROM old_values o\n      WHERE EXISTS (SELECT FROM cadastre_parcel c WHERE c.county_id = o.code) LIMIT 1;\n    IF FOUND THEN\n        RAISE EXCEPTION 'landgis: counties_county (%) is still pointed at by cadastre_parcel', pointed_at\n            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;\n    END IF;\n    RETURN NULL;\n",
                    hash="be637d53fcc14352b563998bbacb5e1d729f6b24",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_kept_for_cadastre_parcel_533a3",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="counties_county",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="county",
            trigger=pgtrigger.compiler.Trigger(
                name="numbered_for_cadastre_parcel",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."code" IS DISTINCT FROM (NEW."code"))',
                    func="\n                RAISE EXCEPTION 'landgis: the code of a row of counties_county never changes'\n                    USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;\n            ",
                    hash="500cb6235ba2ed4fdb9b3be1a16e557a6270e5bb",
                    operation='UPDATE OF "code"',
                    pgid="pgtrigger_numbered_for_cadastre_parcel_3970c",
                    table="counties_county",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="county",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied_under_cadastre_parcel",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF EXISTS (SELECT FROM cadastre_parcel) THEN\n                    RAISE EXCEPTION 'landgis: counties_county is still pointed at by cadastre_parcel'\n                        USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;\n                END IF;\n                RETURN NULL;\n            ",
                    hash="31db1f79dfc05b7cfb930404a02cd1fdde718c74",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_under_cadastre_parcel_40b79",
                    table="counties_county",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="county",
            trigger=pgtrigger.compiler.Trigger(
                name="kept_for_cadastre_holder",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE pointed_at text;",
                    func="\n    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN\n        RAISE EXCEPTION 'landgis: counties_county is only deleted from in a transaction that reads what is committed'\n            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;\n    END IF;\n    SELECT o.code INTO pointed_at FROM old_values o\n      WHERE EXISTS (SELECT FROM cadastre_holder c WHERE c.county_id = o.code) LIMIT 1;\n    IF FOUND THEN\n        RAISE EXCEPTION 'landgis: counties_county (%) is still pointed at by cadastre_holder', pointed_at\n            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;\n    END IF;\n    RETURN NULL;\n",
                    hash="b4f089aa5081522a991cafdff611577510f52a73",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_kept_for_cadastre_holder_1a797",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="counties_county",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="county",
            trigger=pgtrigger.compiler.Trigger(
                name="numbered_for_cadastre_holder",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."code" IS DISTINCT FROM (NEW."code"))',
                    func="\n                RAISE EXCEPTION 'landgis: the code of a row of counties_county never changes'\n                    USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;\n            ",
                    hash="e14295b15cb9bab984d1d735295b95e8f8af1f95",
                    operation='UPDATE OF "code"',
                    pgid="pgtrigger_numbered_for_cadastre_holder_8fc81",
                    table="counties_county",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="county",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied_under_cadastre_holder",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF EXISTS (SELECT FROM cadastre_holder) THEN\n                    RAISE EXCEPTION 'landgis: counties_county is still pointed at by cadastre_holder'\n                        USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;\n                END IF;\n                RETURN NULL;\n            ",
                    hash="721ac1406e722333908f7bf0ab89b9ee7a6e3ccd",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_under_cadastre_holder_1d3ca",
                    table="counties_county",
                    when="AFTER",
                ),
            ),
        ),
    ]
