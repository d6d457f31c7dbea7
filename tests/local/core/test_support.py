"""The page of what is emulated comes from the code, and the committed one is current."""

from tests.local.core.conftest import CHECKOUT
from trifold.local import registry
from trifold.local.support import HEADER, Operation, page

PAGE = CHECKOUT / "docs" / "local-clouds-support.md"
TINY = {
    ("store", "Put"): Operation("store", "Put", ("Key", "Body"), ("Tags",), "versions are kept | none is lost"),
    ("store", "Get"): Operation("store", "Get", ("Key",)),
    ("alarm", "Ring"): Operation("alarm", "Ring", ()),
}


def test_the_page_is_a_table_a_service() -> None:
    assert page({"tiny": TINY}) == (
        HEADER
        + """
## tiny

3 operations of 2 services.

### alarm

| operation | acts | stored only | note |
|---|---|---|---|
| Ring |  |  |  |

### store

| operation | acts | stored only | note |
|---|---|---|---|
| Get | `Key` |  |  |
| Put | `Key`, `Body` | `Tags` | versions are kept \\| none is lost |
"""
    )


def test_the_committed_page_is_current() -> None:
    """If this fails: trifold local support -o docs/local-clouds-support.md"""
    assert PAGE.read_text() == page(registry.operations())


def test_each_operation_is_filed_under_its_own_name() -> None:
    for operations in registry.operations().values():
        assert all(key == (one.service, one.name) for key, one in operations.items())
