"""The reference says what the code does."""

import json
import re
from pathlib import Path

from tocsin.alerting import Payload, payload_schema

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"


def test_the_schema_file_is_the_schema_of_the_code():
    """Written anew by `json.dumps(payload_schema(), indent=2)`."""
    written = json.loads((REFERENCE / "webhook.schema.json").read_text(encoding="utf-8"))
    assert written == payload_schema()


def test_the_example_in_the_reference_is_a_valid_payload():
    """And its offsets fit its quote."""
    (example,) = re.findall(
        r"```json\n(.*?)```", (REFERENCE / "webhook.md").read_text(encoding="utf-8"), re.DOTALL
    )
    (event,) = Payload.model_validate_json(example).data.events
    (evidence,) = event.evidence
    assert evidence.quote.end - evidence.quote.start == len(evidence.quote.text)
    at = evidence.trigger.start - evidence.quote.start
    assert evidence.quote.text[at:].startswith(evidence.trigger.text)
