"""Two more kinds of papers: the public cancellation notice and the application to the court."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parcels", "0019_evaluation_scopes"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="documenttemplate",
            name="template_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="issueddocument",
            name="issued_kind_known",
        ),
        migrations.AddConstraint(
            model_name="documenttemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        (
                            "tracking_card",
                            "payment_reminder",
                            "start_reminder",
                            "completion_reminder",
                            "handover_confirmation",
                            "site_inspection",
                            "investigation_notice",
                            "inquiry_record",
                            "survey_record",
                            "finding",
                            "disclosure",
                            "government_letter",
                            "mortgagee_notice",
                            "scheme",
                            "scheme_request",
                            "supplement",
                            "temporary_use",
                            "paid_return",
                            "swap",
                            "hearing_right",
                            "hearing_notice",
                            "fee_decision",
                            "repossession_decision",
                            "service_receipt",
                            "cancellation_notice",
                            "dunning",
                            "court_application",
                            "closing",
                            "one_plan",
                            "disposal_list",
                        ),
                    )
                ),
                name="template_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="issueddocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        (
                            "tracking_card",
                            "payment_reminder",
                            "start_reminder",
                            "completion_reminder",
                            "handover_confirmation",
                            "site_inspection",
                            "investigation_notice",
                            "inquiry_record",
                            "survey_record",
                            "finding",
                            "disclosure",
                            "government_letter",
                            "mortgagee_notice",
                            "scheme",
                            "scheme_request",
                            "supplement",
                            "temporary_use",
                            "paid_return",
                            "swap",
                            "hearing_right",
                            "hearing_notice",
                            "fee_decision",
                            "repossession_decision",
                            "service_receipt",
                            "cancellation_notice",
                            "dunning",
                            "court_application",
                            "closing",
                            "one_plan",
                            "disposal_list",
                        ),
                    )
                ),
                name="issued_kind_known",
            ),
        ),
    ]
