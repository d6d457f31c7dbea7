"""Reads a stack's configuration key by key, and gathers all that is wrong with it, so that a user mends it once."""

import difflib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from infra.capabilities.endpoint import PINNED, Variant
from infra.errors import SettingsError
from infra.keeping import DELETE, KEEP, STORES
from infra.offers import OFFERS
from infra.package import PackageRef, find

NAMESPACE = "trifold:"
KEYS = (
    *("cloud", "account", "package", "image", "size", "count", "minimum", "maximum", "variants"),
    *("requestTimeout", "concurrency", "keepVersionsDays", "ephemeral", "onDestroy"),
    *("budget", "budgetEmail", "billingAccount", "expires"),
    *("existing", "network", "key", "role", "tags"),
)
VARIANT_KEYS = ("weight", "package", "size", "count", "minimum", "maximum")
VARIANT_NAME = re.compile(r"[a-z][a-z0-9]{0,19}")
TRUTH = {"true": True, "false": False}
DOLLARS = re.compile(r"\d{1,9}(\.\d{1,2})?")
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
BILLING_ACCOUNT = re.compile(r"[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MISSING = PackageRef("missing", "0" * 64, Path(), Path())


class Reader:
    """The configuration of one stack. A value that is wrong is noted, and something of the right type stands in for
    it until `finish`, which raises."""

    def __init__(
        self,
        configuration: Mapping[str, Any],
        stack: str,
        root: Path,
        state: Path,
        find: Callable[[str, Path, Path], PackageRef] = find,
        keys: tuple[str, ...] = KEYS,
    ) -> None:
        self._configuration, self._stack, self._keys = configuration, stack, keys
        self._root, self._state, self._find = root, state, find
        self._wrong: list[str] = []

    def finish(self) -> None:
        """Raise SettingsError if anything was wrong."""
        if self._wrong:
            count = "a setting is" if len(self._wrong) == 1 else f"{len(self._wrong)} settings are"
            listed = "".join(f"\n  - {wrong}" for wrong in self._wrong)
            raise SettingsError(
                f"{count} wrong, nothing was changed:{listed}",
                where=f"Pulumi.{self._stack}.yaml (stack {self._stack})",
                next="mend the file, or: pulumi config set KEY VALUE",
            )

    def refuse_unknown_keys(self) -> None:
        """Every key of ours must be one we know: a misspelt one would quietly do nothing."""
        given = (key.removeprefix(NAMESPACE) for key in self._configuration if key.startswith(NAMESPACE))
        for key in sorted(set(given) - set(self._keys)):
            near = difflib.get_close_matches(key, self._keys, n=1)
            hint = f"did you mean {NAMESPACE}{near[0]}? " if near else ""
            self._note(key, f"is not a setting; {hint}allowed: {', '.join(self._keys)}")

    def cloud(self) -> str:
        """The cloud; without one nothing else can be checked, so that ends it at once."""
        found = self._one_of("cloud", self._given("cloud"), OFFERS)
        if not found:
            self.finish()
        return found

    def account(self, cloud: str) -> str:
        """The pinned account, in the vendor's spelling."""
        offer, found = OFFERS[cloud], str(self._given("account") or "")
        if not re.fullmatch(offer.account_pattern, found):
            problem = f"{found!r} is no {offer.account} id" if found else f"is required: the {offer.account} to pin"
            self._note("account", f"{problem}; it looks like {_example(cloud)}")
        return found

    def region(self, cloud: str) -> str:
        """Where it runs: the key of the cloud's own provider."""
        offer = OFFERS[cloud]
        found = self._configuration.get(offer.region_key)
        return self._one_of(offer.region_key, found, offer.regions)

    def size(self, cloud: str, key: str, value: Any = None) -> str:
        """An instance type; `value` is one given inside a variant."""
        return self._one_of(key, value or self._given(key), OFFERS[cloud].sizes)

    def package(self, key: str, value: Any = None) -> PackageRef:
        """A package by name, or by its folder (a relative one starts at the project's)."""
        wanted = str(value or self._given(key) or "")
        if not wanted:
            self._note(key, "is required: a package's name, or the folder `trifold model build` made")
            return MISSING
        try:
            return self._find(wanted, self._root, self._state)
        except SettingsError as error:
            self._note(key, f"{error.what} ({error.where}); {error.next}")
        except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: a home folder nobody has
            self._note(key, f"{wanted!r} cannot be read: {error}")
        return MISSING

    def image(self, key: str) -> str:
        """The server's image, pinned by digest."""
        found = str(self._given(key) or "")
        if not PINNED.fullmatch(found):
            self._note(key, f"{found!r} is not pinned by digest; it looks like trifold-serving@sha256:<64 hex digits>")
        return found

    def number(self, key: str, default: int, least: int, most: int, value: Any = None) -> int:
        """A whole number within bounds; a Boolean or a fraction is none."""
        given = self._given(key) if value is None else value
        if given is None:
            return default
        if not re.fullmatch(r"-?\d+", str(given)) or not least <= int(given) <= most:
            self._note(key, f"{given!r} is not a whole number from {least} to {most}")
            return default
        return int(given)

    def text(self, key: str, default: str) -> str:
        """Any text."""
        return str(self._given(key) or default)

    def texts(self, key: str, needed: bool = False) -> tuple[str, ...]:
        """A list of texts; needed: it must not be empty."""
        given = self._given(key)
        try:
            found = json.loads(given) if isinstance(given, str) else given or []
        except ValueError:
            found = None
        if not isinstance(found, list) or not all(isinstance(one, str) and one for one in found):
            self._note(key, 'must be a list of texts, such as ["one", "another"]')
            return ()
        if needed and not found:
            self._note(key, "is required: a list of texts, and there must be one in it")
        return tuple(found)

    def words(self, key: str, allowed: Iterable[str]) -> tuple[str, ...]:
        """A list of texts, each one of the allowed."""
        return tuple(self._one_of(key, one, allowed) for one in self.texts(key))

    def flag(self, key: str, default: bool) -> bool:
        """true or false."""
        given = self._given(key)
        if given is None:
            return default
        if str(given).lower() not in TRUTH:
            self._note(key, f"{given!r} is neither; allowed: true, false")
        return TRUTH.get(str(given).lower(), default)

    def kept(self, key: str, cloud: str, ephemeral: bool) -> tuple[str, ...]:
        """The data stores that a destroy leaves: all, unless the stack is ephemeral or says otherwise."""
        given, stores = self._given(key), STORES[cloud]
        wanted = dict.fromkeys(stores, given) if given in (KEEP, DELETE) else self._structured(key, stores)
        for store in sorted(set(wanted) - set(stores)):
            self._note(f"{key}.{store}", f"is no data store; allowed: {', '.join(stores)}")
        for store, word in wanted.items():
            if word not in (KEEP, DELETE):
                self._note(f"{key}.{store}", f"{word!r} is neither; allowed: {KEEP}, {DELETE}")
            elif word == KEEP and ephemeral:
                self._note(f"{key}.{store}", f"cannot be kept: {NAMESPACE}ephemeral: true deletes every store")
        default = DELETE if ephemeral else KEEP
        return tuple(store for store in stores if wanted.get(store, default) == KEEP)

    def dollars(self, key: str) -> float:
        """An amount in US dollars a month, more than 0; there is no default: nobody else knows what may be spent."""
        found = str(self._given(key) or "")
        if not DOLLARS.fullmatch(found) or not float(found):
            problem = f"{found!r} is no amount" if found else "is required"
            self._note(key, f"{problem}; what the stack may cost: US dollars a month, such as 250 or 99.50")
            return 0.0
        return float(found)

    def email(self, key: str) -> str:
        """An e-mail address, or ""."""
        return self._pattern(key, EMAIL, "is no e-mail address")

    def billing_account(self, key: str, cloud: str, needed: bool) -> str:
        """Google's billing account, or "". needed: something else that is set does nothing without it."""
        found = self._pattern(key, BILLING_ACCOUNT, "is no billing account; it looks like 01AB23-45CD67-89EF01")
        if found and cloud != "gcp":
            self._note(key, "is for Google Cloud only; on the others the account pays for itself")
        if needed and not found and cloud == "gcp":
            self._note(key, "is required with an e-mail: on Google Cloud a budget belongs to the billing account")
        return found

    def expires(self, key: str, today: date) -> str:
        """The day from which the stack is no longer wanted, YYYY-MM-DD, or ""; one that has passed is wrong."""
        found = self._pattern(key, DAY, "is no day; it looks like 2030-01-31")
        try:
            passed = bool(found) and date.fromisoformat(found) < today
        except ValueError:
            passed = False
            self._note(key, f"{found!r} is no day of the calendar; it looks like 2030-01-31")
        if passed:
            longer = (
                f"prolong it: pulumi config set {NAMESPACE}{key} YYYY-MM-DD; or take the stack down: pulumi destroy"
            )
            self._note(key, f"the stack expired on {found}; {longer}")
        return found

    def _pattern(self, key: str, pattern: re.Pattern[str], problem: str) -> str:
        found = str(self._given(key) or "")
        if found and not pattern.fullmatch(found):
            self._note(key, f"{found!r} {problem}")
            return ""
        return found

    def variants(self, cloud: str, default: Variant) -> tuple[Variant, ...]:
        """The variants, each a change of the default one; without any, the default alone."""
        given = self._structured("variants")
        if not given:
            return (self._scalable(cloud, "maximum", default),)
        found = tuple(self._variant(cloud, name, given[name], default) for name in given)
        total = sum(variant.weight for variant in found)
        if total != 100:
            self._note("variants", f"the weights add up to {total}, not to 100")
        return found

    def _variant(self, cloud: str, name: str, given: Any, default: Variant) -> Variant:
        key = f"variants.{name}"
        if not VARIANT_NAME.fullmatch(name):
            self._note(key, "is no name for a variant: 1 to 20 lower-case letters and digits, a letter first")
        if not isinstance(given, Mapping):
            self._note(key, f"must be an object with any of {', '.join(VARIANT_KEYS)}")
            return default
        for unknown in sorted(set(given) - set(VARIANT_KEYS)):
            self._note(f"{key}.{unknown}", f"is not a setting; allowed: {', '.join(VARIANT_KEYS)}")
        count = self.number(f"{key}.count", default.count, 1, 100, given.get("count"))
        minimum = self.number(f"{key}.minimum", count, 1, 100, given.get("minimum"))
        made = replace(
            default,
            name=name,
            weight=self.number(f"{key}.weight", 0, 0, 100, given.get("weight")),
            count=count,
            minimum=minimum,
            maximum=self.number(f"{key}.maximum", max(count, minimum), 1, 100, given.get("maximum")),
            size=self.size(cloud, f"{key}.size", given["size"]) if "size" in given else default.size,
            package=self.package(f"{key}.package", given["package"]) if "package" in given else default.package,
        )
        return self._scalable(cloud, f"{key}.maximum", made)

    def _scalable(self, cloud: str, key: str, variant: Variant) -> Variant:
        if not variant.minimum <= variant.count <= variant.maximum:
            bounds = f"{variant.minimum} to {variant.maximum}"
            self._note(key, f"the count {variant.count} is not within its bounds, {bounds}")
        if variant.autoscaled and variant.size in OFFERS[cloud].fixed:
            self._note(key, f"{variant.size} cannot be scaled by load; leave minimum and maximum at count")
        return variant

    def _structured(self, key: str, names: Iterable[str] = (), meaning: str = "") -> dict[str, Any]:
        """An object; names: of what it may say something; meaning: what it must be, for who gives something else."""
        given = self._given(key)
        try:
            found = json.loads(given) if isinstance(given, str) else given or {}
        except ValueError:
            found = None
        if not isinstance(found, dict):
            allowed = f"{KEEP}, {DELETE}, or an object with any of {', '.join(names)}" if names else ""
            self._note(key, f"must be {allowed or meaning or 'an object: name -> settings of that variant'}")
            return {}
        return found

    def _one_of(self, key: str, found: Any, allowed: Iterable[str]) -> str:
        if found in allowed:
            return str(found)
        near = difflib.get_close_matches(str(found), list(allowed), n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        problem = f"{found!r} is not allowed" if found else "is required"
        self._note(key, f"{problem}; {hint}allowed: {', '.join(allowed)}")
        return ""

    def _given(self, key: str) -> Any:
        return self._configuration.get(f"{NAMESPACE}{key}")

    def _note(self, key: str, problem: str) -> None:
        name = key if ":" in key else f"{NAMESPACE}{key}"
        self._wrong.append(f"{name}: {problem}")


def _example(cloud: str) -> str:
    return {
        "aws": "123456789012",
        "azure": "01234567-89ab-cdef-0123-456789abcdef",
        "gcp": "my-project-123",
    }[cloud]
