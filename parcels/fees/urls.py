"""The addresses of the fee pages."""

from django.urls import path, re_path

from parcels.fees import views

urlpatterns = [
    path("", views.fees_page, name="fees"),
    path("list.xlsx", views.fees_xlsx, name="fees-xlsx"),
    path("batches/freeze", views.freeze, name="fee-batch-freeze"),
    path("batches/<int:pk>/", views.batch_page, name="fee-batch"),
    re_path(
        r"^batches/(?P<pk>\d{1,18})/sources\.(?P<ending>xlsx|csv|json)$",
        views.batch_file,
        name="fee-batch-file",
    ),
    path("receipts/", views.receipts_page, name="fee-receipts"),
    path("receipts/list.xlsx", views.receipts_xlsx, name="fee-receipts-xlsx"),
    path("receipts/upload", views.upload, name="fee-receipts-upload"),
    path("receipts/lines/<int:pk>/settle", views.settle, name="fee-line-settle"),
    path("receipts/<int:pk>/withdraw", views.withdraw, name="fee-receipt-withdraw"),
]
