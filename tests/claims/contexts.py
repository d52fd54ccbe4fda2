"""The contexts of JSON-LD that our documents name, as far as those use them, so that no test asks the network."""

from claims.vocabulary import document

# https://schema.org/docs/jsonldcontext.jsonld: its own keys, of the terms that claims/linked.py uses.
SCHEMA_ORG = {
    "@context": {
        "type": "@type",
        "id": "@id",
        "@vocab": "http://schema.org/",
        "schema": "http://schema.org/",
        **{
            name: {"@id": f"schema:{name}"}
            for name in (
                "Claim CreativeWork GovernmentOrganization NewsArticle NewsMediaOrganization Organization "
                "OrganizationRole Person Question Quotation SocialMediaPosting abstract alternateName appearance "
                "author claimInterpreter creditText description headline identifier inLanguage isPartOf memberOf name "
                "parentOrganization publisher roleName spokenByCharacter text"
            ).split()
        },
        "url": {"@id": "schema:url", "@type": "@id"},
        "sameAs": {"@id": "schema:sameAs", "@type": "@id"},
        "dateCreated": {"@id": "schema:dateCreated", "@type": "Date"},
        "datePublished": {"@id": "schema:datePublished", "@type": "Date"},
    }
}

# http://www.w3.org/ns/anno.jsonld: of the terms that claims/annotations.py uses.
ANNO = {
    "@context": {
        "oa": "http://www.w3.org/ns/oa#",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "as": "http://www.w3.org/ns/activitystreams#",
        "id": {"@type": "@id", "@id": "@id"},
        "type": {"@type": "@id", "@id": "@type"},
        "Annotation": "oa:Annotation",
        "AnnotationCollection": "as:OrderedCollection",
        "AnnotationPage": "as:OrderedCollectionPage",
        "SpecificResource": "oa:SpecificResource",
        "TextQuoteSelector": "oa:TextQuoteSelector",
        "TextPositionSelector": "oa:TextPositionSelector",
        "TextualBody": "oa:TextualBody",
        "TimeState": "oa:TimeState",
        "Organization": "foaf:Organization",
        "describing": "oa:describing",
        "identifying": "oa:identifying",
        "body": {"@type": "@id", "@id": "oa:hasBody"},
        "target": {"@type": "@id", "@id": "oa:hasTarget"},
        "source": {"@type": "@id", "@id": "oa:hasSource"},
        "selector": {"@type": "@id", "@id": "oa:hasSelector"},
        "state": {"@type": "@id", "@id": "oa:hasState"},
        "motivation": {"@type": "@vocab", "@id": "oa:motivatedBy"},
        "purpose": {"@type": "@vocab", "@id": "oa:hasPurpose"},
        "cached": {"@type": "@id", "@id": "oa:cachedSource"},
        "exact": "oa:exact",
        "prefix": "oa:prefix",
        "suffix": "oa:suffix",
        "start": {"@type": "xsd:nonNegativeInteger", "@id": "oa:start"},
        "end": {"@type": "xsd:nonNegativeInteger", "@id": "oa:end"},
        "sourceDate": {"@type": "xsd:dateTime", "@id": "oa:sourceDate"},
        "name": "foaf:name",
        "creator": {"@type": "@id", "@id": "dcterms:creator"},
        "created": {"@type": "xsd:dateTime", "@id": "dcterms:created"},
        "format": "dc:format",
        "language": "dc:language",
        "value": "rdf:value",
        "label": "rdfs:label",
        "partOf": {"@type": "@id", "@id": "as:partOf"},
        "first": {"@type": "@id", "@id": "as:first"},
        "next": {"@type": "@id", "@id": "as:next"},
        "items": {"@type": "@id", "@id": "as:items", "@container": "@list"},
        "total": {"@type": "xsd:nonNegativeInteger", "@id": "as:totalItems"},
    }
}


def load(address, options):
    """A document loader for pyld; of any other address it knows nothing."""
    known = {
        "https://schema.org": SCHEMA_ORG,
        "http://www.w3.org/ns/anno.jsonld": ANNO,
        "http://127.0.0.1:8000/ns/rashomon.jsonld": document(),
    }
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": address,
        "document": known[address],
    }
