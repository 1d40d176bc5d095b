"""Attributes that identify a resource."""

from iacpolicy.schemas.catalogue import Catalogue
from iacpolicy.schemas.identity import equal_types, identity

_CATALOGUE = Catalogue()


def test_a_bucket_is_its_id() -> None:
    """`aws_s3_bucket.x.id` and `.bucket` are one value; the ARN names the same bucket by another."""
    known = identity("aws_s3_bucket", _CATALOGUE.resource("aws_s3_bucket"))
    assert known.are_same("id", "bucket")
    assert not known.are_same("id", "arn")
    assert {"id", "bucket", "arn", "bucket_regional_domain_name"} <= known.keys


def test_an_attribute_is_the_same_as_itself() -> None:
    """Without any facts, only that is known."""
    known = identity("unknown_type")
    assert known.are_same("x", "x")
    assert not known.are_same("id", "name")
    assert "id" in known.keys


def test_a_name_that_is_not_the_id() -> None:
    """The name of a Render service is not its id."""
    known = identity("render_web_service", _CATALOGUE.resource("render_web_service"))
    assert not known.are_same("id", "name")
    assert "name" not in known.keys
    assert "slug" in known.keys


def test_every_fact_is_about_attributes_that_exist() -> None:
    """The attributes that identify a type are in its schema."""
    for type_name in equal_types():
        schema = _CATALOGUE.resource(type_name)
        if schema is not None:
            [group] = identity(type_name).same
            assert group <= schema.attributes.keys(), type_name
