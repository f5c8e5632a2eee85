"""What a request's file must be, and how its faults are named."""

from pathlib import Path

import pytest

from archibald.v1 import bot_pb2
from archibald_client.request_file import RequestFileError, read_request

Order = bot_pb2.SubmitOrderRequest


def read(folder: Path, content: str | bytes) -> Order:
    file = folder / "order.json"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_request(str(file), Order)


@pytest.mark.parametrize(
    "content",
    [
        '{"user_id": "A001", "items": [{"quantity": "5"}], "discount_percent": null}',
        '{"userId": "A001", "items": [{"quantity": "5"}]}',
        b'\xef\xbb\xbf{"user_id": "A001", "items": [{"quantity": "5"}]}',
    ],
    ids=["contract's names", "JSON names", "byte order mark"],
)
def test_reads_proto3_json(content: str | bytes, tmp_path: Path) -> None:
    """Both spellings of proto3 JSON are read, null as not given, with or without a byte order mark."""
    assert read(tmp_path, content) == Order(user_id="A001", items=[bot_pb2.OrderItem(quantity="5")])


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "empty"),
        ("[]", "expected a JSON object, got a list"),
        ("null", "expected a JSON object, got null"),
        ('{\n "items": [\n ],,\n}', "line 3, column 4: not JSON"),
        (b'{\n "user_id": "\xff"}', "line 2: not UTF-8"),
        ("[" * 100_000, "recursion"),
        ('{"user_id": "A", "user_id": "B"}', "'user_id' stands twice"),
        ('{"usr_id": "A"}', "usr_id: unknown field; is it 'user_id'?"),
        ('{"items": [{}, {"colour": "red"}]}', "items[1].colour: unknown field"),
        ('{"items": [{}, {"quantity": 5}]}', "items[1].quantity: expected a text in quotes"),
        ('{"items": [{}, "five"]}', "items[1]: expected an object, got a text"),
        ('{"items": [null]}', "items[0]: expected an object, got null"),
        ('{"items": {}}', "items: expected a list, got an object"),
        ('{"items": true}', "items: expected a list, got true or false"),
        ('{"delivery_address": 5}', "delivery_address: expected an object, got a number"),
        ('{"no_shipping": "yes"}', "no_shipping: Expected true or false without quotes"),
        ('{"wait": "WAIT_LONG"}', "wait: Invalid enum value WAIT_LONG"),
        ('{"start_by": "soon"}', "start_by: Failed to parse timestamp"),
        (
            '{"items": [{"warehouse_sources": [{"warehouse_item_id": "x"}]}]}',
            "items[0].warehouse_sources[0].warehouse_item_id: expected a whole number",
        ),
        ('{"user_id": "\\ud800"}', "user_id: Unpaired surrogate"),
    ],
)
def test_names_the_fault(content: str | bytes, fault: str, tmp_path: Path) -> None:
    """The file is named, and the line of what is not JSON or the whole path of a wrong field."""
    with pytest.raises(RequestFileError) as caught:
        read(tmp_path, content)
    assert str(caught.value).startswith(f"{tmp_path / 'order.json'}: ")
    assert fault in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A missing file and a folder are named with the system's reason."""
    with pytest.raises(RequestFileError, match=r"nowhere\.json: No such file"):
        read_request(str(tmp_path / "nowhere.json"), Order)
    with pytest.raises(RequestFileError, match="Is a directory"):
        read_request(str(tmp_path), Order)
