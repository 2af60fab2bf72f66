"""The addresses of the cases, their papers and their deadlines."""

from django.urls import path, re_path

from parcels.disposal import case_views, deadline_views, paper_views, replay_views, service_views, views

urlpatterns = [
    path("cases/", views.list_page, name="cases"),
    path("cases/list.xlsx", views.list_xlsx, name="cases-xlsx"),
    path("cases/open", views.open_page, name="case-open"),
    path("cases/<int:case_id>/", case_views.case_page, name="case"),
    path("cases/<int:case_id>/steps/<str:stage>", case_views.enter, name="case-step"),
    path("cases/<int:case_id>/reverse/<int:seq>", case_views.reverse, name="case-reverse"),
    path("cases/<int:case_id>/officer", case_views.assign, name="case-assign"),
    path("cases/<int:case_id>/receipts", case_views.receipt, name="case-receipt"),
    path("cases/<int:case_id>/replay", replay_views.replay_page, name="case-replay"),
    path("cases/<int:case_id>/replay.xlsx", replay_views.replay_xlsx, name="case-replay-xlsx"),
    path("cases/<int:case_id>/papers.zip", paper_views.papers_zip, name="case-papers-zip"),
    path("cases/<int:case_id>/issue/<str:kind>", paper_views.issue_page, name="case-issue"),
    re_path(
        r"^cases/(?P<case_id>\d{1,18})/papers/(?P<number>\d{1,18})\.(?P<ending>docx|pdf)$",
        paper_views.paper_file,
        name="case-paper",
    ),
    path("cases/<int:case_id>/papers/<int:number>/pdf", paper_views.paper_pdf, name="case-paper-pdf"),
    path("cases/<int:case_id>/papers/<int:number>/void", paper_views.paper_void, name="case-paper-void"),
    path("services/", service_views.page, name="services"),
    path("services/list.xlsx", service_views.xlsx, name="services-xlsx"),
    path("deadlines/", deadline_views.page, name="deadlines"),
    path("deadlines/feed", deadline_views.new_feed, name="deadline-feed-new"),
    path("deadlines/feed/end", deadline_views.end_feed, name="deadline-feed-end"),
    path("deadlines.ics", deadline_views.feed, name="deadline-feed"),
]
