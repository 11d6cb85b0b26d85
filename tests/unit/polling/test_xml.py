"""The small XML reader."""

from __future__ import annotations

import pytest

from tocsin.polling._xml import MAX_DEPTH, XmlError, read_xml


def test_elements_attributes_text_lines():
    """Names lose their prefix, attributes their case; text and lines are kept."""
    root = read_xml(b'<a:x xmlns:a="u">\n<y B="1">t</y><y/></a:x>')
    assert (root.tag, root.line) == ("x", 1)
    assert [child.attributes.get("b") for child in root.children] == ["1", None]
    assert root.text_of("y") == "t"
    assert root.text_of("z") is None
    assert root.children[0].line == 2


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<a>", "not well-formed"),
        (b"", "not well-formed"),
        (b"text", "not well-formed"),
        (b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "declares the entity 'e'"),
        (b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', "declares the entity"),
        (b"<a>" * (MAX_DEPTH + 1), "nest deeper"),
        (b'<?xml version="1.0" encoding="nosuch"?><a/>', "."),
    ],
)
def test_refused(body, says):
    """Broken, declaring or endlessly nested documents are refused."""
    with pytest.raises(XmlError, match=says):
        read_xml(body)
