"""The public addresses; every one is permanent."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path
from django.views.decorators.http import require_safe

from claims.sitemaps import SITEMAPS
from claims.views import compare, contradictions, pages, sources, speakers, statements, topics

urlpatterns = [
    path("", pages.front, name="front"),
    path("topics/", topics.topic_list, name="topic_list"),
    path("topics/<slug:slug>/", topics.topic_detail, name="topic_detail"),
    path("contradictions/", contradictions.contradiction_list, name="contradiction_list"),
    path("contradictions/<slug:ref>/", contradictions.contradiction_detail, name="contradiction_detail"),
    path("compare/", compare.compare, name="compare"),
    path("statements/", statements.statement_list, name="statement_list"),
    path("statements/<slug:ref>/", statements.statement_detail, name="statement_detail"),
    path("speakers/", speakers.speaker_list, name="speaker_list"),
    path("speakers/<slug:slug>/", speakers.speaker_detail, name="speaker_detail"),
    path("sources/", sources.source_list, name="source_list"),
    path("sources/<slug:ref>/", sources.source_detail, name="source_detail"),
    path("sources/<slug:ref>/changes/<slug:capture>/", sources.capture_changes, name="capture_changes"),
    path("about/method/", pages.method, name="about_method"),
    path("about/verification/", pages.verification, name="about_verification"),
    path("healthz", pages.healthz, name="healthz"),
    path("robots.txt", pages.robots, name="robots"),
    path("sitemap.xml", require_safe(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
]
