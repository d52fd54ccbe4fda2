"""Documents, and words in them. Which module does what:

- *what is kept*: choices, records, models, keeping, refusals; kept_text, excerpts, edtf
- *finding words*: folding, words, elision → anchoring (→ nearest, selectors, text_fragments, qualifiers); finding looks
  in every kept copy
- *comparing texts*: aligning → differences; marking cuts a text for a template
- *who said what, by rule*: quotations, sentences, cues → clauses, reported, reported_arabic, turns, antecedents →
  attributions (measured by evaluation on gold/); proposals fills in a form
- *how texts come in*: addresses, filekinds, decoding → confinement, extractors, extraction, fetching, uploads →
  metadata, splitting → intake, admin/incoming
- *the desk*: desk, forms, admin/

Pure modules know no Django; the list under `[[tool.mypy.overrides]]` in pyproject.toml names them.
"""
