"""The public addresses; every one is permanent.

Pages are read in every language, under “/” in English and under “/ar/” in Arabic; files have one address.
"""

from typing import Any

from django.contrib.sitemaps.views import sitemap
from django.urls import path
from django.views.decorators.http import require_safe

from claims import feeds
from claims.api.urls import API
from claims.models import Speaker, Topic
from claims.sitemaps import SITEMAPS
from claims.views import (
    alerts,
    compare,
    contradictions,
    corrections,
    exports,
    history,
    pages,
    reports,
    sharing,
    sources,
    speakers,
    statements,
    topics,
)
from claims.views.moved import leads_on


def by_slug(model: Any, feed: feeds.RecordsFeed) -> Any:
    """A feed whose reader is led on from a former address."""
    return require_safe(leads_on(model)(feed))


PAGES = [
    path("", pages.front, name="front"),
    path("topics/", topics.topic_list, name="topic_list"),
    path("topics/<slug:slug>/", topics.topic_detail, name="topic_detail"),
    path("topics/<slug:slug>/timeline/", topics.topic_timeline, name="topic_timeline"),
    path("topics/<slug:slug>/history/", history.topic_history, name="topic_history"),
    path("contradictions/", contradictions.contradiction_list, name="contradiction_list"),
    path("contradictions/<slug:ref>/", contradictions.contradiction_detail, name="contradiction_detail"),
    path("contradictions/<slug:ref>/history/", history.contradiction_history, name="contradiction_history"),
    path("compare/", compare.compare, name="compare"),
    path("statements/", statements.statement_list, name="statement_list"),
    path("statements/<slug:ref>/", statements.statement_detail, name="statement_detail"),
    path("statements/<slug:ref>/history/", history.statement_history, name="statement_history"),
    path("speakers/", speakers.speaker_list, name="speaker_list"),
    path("speakers/<slug:slug>/", speakers.speaker_detail, name="speaker_detail"),
    path("sources/", sources.source_list, name="source_list"),
    path("sources/<slug:ref>/", sources.source_detail, name="source_detail"),
    path("sources/<slug:ref>/changes/<slug:capture>/", sources.capture_changes, name="capture_changes"),
    path("corrections/", corrections.correction_list, name="correction_list"),
    path("about/corrections/", corrections.policy, name="about_corrections"),
    path("report/<slug:kind>/<slug:key>/", reports.report_form, name="report_form"),
    path("reports/<slug:ref>/", reports.report_outcome, name="report_outcome"),
    path("mails/stop/<str:token>/", reports.mail_stop, name="mail_stop"),
    path("alerts/confirm/<str:token>/", alerts.alert_confirm, name="alert_confirm"),
    path("alerts/stop/<str:token>/", alerts.alert_stop, name="alert_stop"),
    path("alerts/<slug:room>/", alerts.alert_form, name="alert_form"),
    path("about/method/", pages.method, name="about_method"),
    path("about/verification/", pages.verification, name="about_verification"),
    path("embed/contradictions/<slug:ref>/", sharing.embed_contradiction, name="embed_contradiction"),
    path("embed/statements/<slug:ref>/", sharing.embed_statement, name="embed_statement"),
    path("ns/", pages.vocabulary, name="vocabulary"),
]

FILES = [
    path("feeds/corrections.atom", require_safe(feeds.CorrectionsFeed()), name="feed_corrections_atom"),
    path("feeds/corrections.json", require_safe(feeds.CorrectionsJson()), name="feed_corrections_json"),
    path("feeds/contradictions.atom", require_safe(feeds.ContradictionsFeed()), name="feed_contradictions_atom"),
    path("feeds/contradictions.json", require_safe(feeds.ContradictionsJson()), name="feed_contradictions_json"),
    path("feeds/statements.atom", require_safe(feeds.StatementsFeed()), name="feed_statements_atom"),
    path("feeds/statements.json", require_safe(feeds.StatementsJson()), name="feed_statements_json"),
    path("feeds/topics/<slug:slug>.atom", by_slug(Topic, feeds.TopicFeed()), name="feed_topic_atom"),
    path("feeds/topics/<slug:slug>.json", by_slug(Topic, feeds.TopicJson()), name="feed_topic_json"),
    path(
        "feeds/speakers/<slug:slug>.atom",
        by_slug(Speaker, feeds.SpeakerFeed()),
        name="feed_speaker_atom",
    ),
    path(
        "feeds/speakers/<slug:slug>.json",
        by_slug(Speaker, feeds.SpeakerJson()),
        name="feed_speaker_json",
    ),
    path("export/history.jsonl", exports.history, name="export_history"),
    path("export/checkpoint.txt", exports.checkpoint, name="export_checkpoint"),
    path("oembed", sharing.oembed, name="oembed"),
    path("cards/contradictions/<slug:ref>.png", sharing.card_contradiction, name="card_contradiction"),
    path("cards/statements/<slug:ref>.png", sharing.card_statement, name="card_statement"),
    path("cards/topics/<slug:slug>.png", sharing.card_topic, name="card_topic"),
    path("cite/contradictions/<slug:ref>.<str:form>", sharing.cite_contradiction, name="cite_contradiction"),
    path("cite/statements/<slug:ref>.<str:form>", sharing.cite_statement, name="cite_statement"),
    path("cite/topics/<slug:slug>.<str:form>", sharing.cite_topic, name="cite_topic"),
    path("healthz", pages.healthz, name="healthz"),
    path("robots.txt", pages.robots, name="robots"),
    path("sitemap.xml", pages.sitemap_index, name="sitemap"),
    path("sitemaps/<slug:section>.xml", require_safe(sitemap), {"sitemaps": SITEMAPS}, name="sitemap_section"),
    *API,
]
