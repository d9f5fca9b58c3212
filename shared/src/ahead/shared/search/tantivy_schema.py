"""The fields of a Tantivy index, and how their words are taken apart."""

import tantivy

from ahead.shared.search.index import IndexSchema

ID = "_id"
RANK = "_rank"
STORED = "_stored"


def build_schema(schema: IndexSchema) -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(ID, stored=False, tokenizer_name="raw", index_option="basic")
    builder.add_float_field(RANK, fast=True)
    builder.add_bytes_field(STORED, stored=True)
    for text in schema.text:
        builder.add_text_field(text.name, tokenizer_name="ahead_words", index_option="freq")
    for declared in schema.filters:
        if declared.kind == "keyword":
            builder.add_text_field(
                declared.name, tokenizer_name="raw", index_option="basic", fast=declared.facet
            )
        elif declared.kind == "boolean":
            builder.add_boolean_field(declared.name, indexed=True, fast=True)
        else:
            builder.add_integer_field(declared.name, indexed=True, fast=True)
    return builder.build()


def register(index: tantivy.Index) -> None:
    # The words are made already (analysis.py); they only have to be taken apart at the blanks.
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("ahead_words", analyzer)
