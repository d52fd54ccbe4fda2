"""The addresses of the API and of records as JSON-LD: permanent, in English, without a slash at the end."""

from django.urls import path

from claims.api import documents, views

API = [
    path("api/v1/openapi.json", documents.Schema.as_view(), name="api_schema"),
    path("api/v1/topics", views.Topics.as_view(), name="api_topics"),
    path("api/v1/topics/<slug:slug>", views.OneTopic.as_view(), name="api_topic"),
    path("api/v1/topics/<slug:slug>/questions", views.Questions.as_view(), name="api_questions"),
    path("api/v1/topics/<slug:slug>/questions/<slug:question>", views.OneQuestion.as_view(), name="api_question"),
    path("api/v1/contradictions", views.Contradictions.as_view(), name="api_contradictions"),
    path("api/v1/contradictions/<slug:ref>", views.OneContradiction.as_view(), name="api_contradiction"),
    path("api/v1/statements", views.Statements.as_view(), name="api_statements"),
    path("api/v1/statements/<slug:ref>", views.OneStatement.as_view(), name="api_statement"),
    path("api/v1/statements/<slug:ref>/annotation", documents.StatementAnnotation.as_view(), name="api_annotation"),
    path("api/v1/speakers", views.Speakers.as_view(), name="api_speakers"),
    path("api/v1/speakers/<slug:slug>", views.OneSpeaker.as_view(), name="api_speaker"),
    path("api/v1/sources", views.Sources.as_view(), name="api_sources"),
    path("api/v1/sources/<slug:ref>", views.OneSource.as_view(), name="api_source"),
    path("api/v1/sources/<slug:ref>/annotations", documents.SourceAnnotations.as_view(), name="api_annotations"),
    path(
        "api/v1/sources/<slug:ref>/annotations/page",
        documents.SourceAnnotationPage.as_view(),
        name="api_annotation_page",
    ),
    path("api/v1/corrections", views.Corrections.as_view(), name="api_corrections"),
    path("api/v1/corrections/<slug:ref>", views.OneCorrection.as_view(), name="api_correction"),
    path("ns/rashomon.jsonld", documents.VocabularyDocument.as_view(), name="vocabulary_linked"),
    path("statements/<slug:ref>.jsonld", documents.LinkedStatement.as_view(), name="linked_statement"),
    path("contradictions/<slug:ref>.jsonld", documents.LinkedContradiction.as_view(), name="linked_contradiction"),
    path("speakers/<slug:slug>.jsonld", documents.LinkedSpeaker.as_view(), name="linked_speaker"),
    path("topics/<slug:slug>.jsonld", documents.LinkedTopic.as_view(), name="linked_topic"),
]
