"""What the flights model is told: nothing that is only known later, and the weather of at least an hour ago."""

import numpy as np
import pandas as pd
import pytest

from model_packages.flights import DATA, data
from model_packages.flights.columns import FEATURES, SIGNATURE, WEATHER
from model_packages.flights.training import split
from trifold.package.recipe import data_file

HOUR = pd.Timedelta(hours=1)
ACTUAL = ("dep_time", "arr_time", "dep_delay", "arr_delay", "air_time")


@pytest.fixture(scope="module")
def raw() -> dict[str, pd.DataFrame]:
    return {
        name: pd.read_csv(data_file(path)) for name, path in zip(("flights", "weather", "planes"), DATA, strict=True)
    }


@pytest.fixture(scope="module")
def flights(raw) -> pd.DataFrame:
    return data.assemble(**raw)


def weather_at(departure: str, *keys: str, origin: str = "JFK") -> float:
    """The temperature given to a flight, where the row of hour n has temperature n."""
    rows = pd.DataFrame({"origin": "JFK", "time_hour": list(keys), **dict.fromkeys(WEATHER, 0.0)})
    rows["temp"] = [float(pd.Timestamp(key).hour) for key in keys]
    flight = pd.DataFrame({"origin": [origin], "departure": pd.to_datetime([departure], utc=True)})
    return float(data.with_weather(flight, rows)["temp"].iloc[0])


def test_the_weather_is_the_last_hour_that_was_over_an_hour_before_departure():
    keys = [f"2013-03-01T{hour:02d}:00:00Z" for hour in range(24)]
    assert weather_at("2013-03-01T12:00", *keys) == 10  # 10:00 to 10:59, known at 11:00
    assert weather_at("2013-03-01T11:59", *keys) == 9
    assert weather_at("2013-03-01T12:59", *keys) == 10


def test_old_weather_and_that_of_another_airport_count_as_missing():
    assert weather_at("2013-03-01T12:00", "2013-03-01T04:00:00Z") == 4
    assert np.isnan(weather_at("2013-03-01T12:01", "2013-03-01T04:00:00Z"))
    assert np.isnan(weather_at("2013-03-01T12:00", "2013-03-01T10:00:00Z", origin="LGA"))
    assert np.isnan(weather_at("2013-03-01T12:00", "2013-03-01T11:00:00Z"))


def test_every_real_flight_has_weather_whose_hour_was_over_an_hour_before(flights):
    known = flights[flights["usable_from"].notna()]
    waited = known["departure"] - (known["usable_from"] - 2 * HOUR)  # since the start of the row's hour
    assert len(known) > 0.99 * len(flights)
    assert waited.min() >= 2 * HOUR
    assert waited.max() <= 8 * HOUR


def test_the_keys_of_both_tables_are_utc(raw):
    """Their local columns are New York's: checked for every row, on both sides of both changes of the clock."""
    for table, clock in (("flights", raw["flights"]["sched_dep_time"] // 100), ("weather", raw["weather"]["hour"])):
        local = pd.to_datetime(raw[table]["time_hour"], utc=True).dt.tz_convert("America/New_York")
        assert (local.dt.hour == clock).all()
        assert (local.dt.day == raw[table]["day"]).all()
        assert (local.dt.month == raw[table]["month"]).all()


def test_utc_keys_are_unique_where_local_hours_repeat(raw):
    weather = raw["weather"]
    assert not weather.duplicated(["origin", "time_hour"]).any()
    assert weather.duplicated(["origin", "month", "day", "hour"]).sum() == 3  # the night summer time ended


def test_no_feature_depends_on_what_happened(raw, flights):
    """Other departure and arrival times, delays and cancellations: the same features."""
    chance = np.random.default_rng(1)
    other = raw["flights"].assign(**{name: chance.normal(size=len(raw["flights"])) for name in ACTUAL})
    pd.testing.assert_frame_equal(
        data.assemble(other, raw["weather"], raw["planes"])[list(FEATURES)], flights[list(FEATURES)]
    )


def test_later_weather_changes_nothing(raw, flights):
    """Weather spoilt from an hour on: what was scheduled up to two hours after that start stays as it was."""
    start = pd.Timestamp("2013-06-15T12:00", tz="UTC")
    later = pd.to_datetime(raw["weather"]["time_hour"], utc=True) >= start
    spoilt = raw["weather"].assign(**{name: raw["weather"][name].mask(later, -99.0) for name in WEATHER})
    before = flights["departure"] < start + 2 * HOUR
    again = data.assemble(raw["flights"], spoilt, raw["planes"])
    pd.testing.assert_frame_equal(again[before][list(FEATURES)], flights[before][list(FEATURES)])
    assert (again[~before]["temp"] == -99.0).sum() > 1000


def test_every_held_out_flight_is_later_than_every_training_flight(flights):
    train, held_out, unknown = split(flights)
    assert train["departure"].max() < held_out["departure"].min()
    assert len(train) + len(held_out) + len(unknown) == len(flights) == 336_776


def test_flights_without_an_arrival_have_no_label(raw, flights):
    assert flights["late"].isna().sum() == raw["flights"]["arr_delay"].isna().sum()
    assert flights.loc[flights["cancelled"], "late"].isna().all()


def test_minutes_after_midnight():
    clock = pd.Series([5, 59, 100, 1259, 2359, 2400])
    assert data.minutes(clock).tolist() == [5, 59, 60, 779, 1439, 0]


def test_records_fit_the_signature_and_say_null_for_what_is_missing(flights):
    _, held_out, _ = split(flights)
    records = data.records(held_out.head(300))
    nullable = {column.name: column.nullable for column in SIGNATURE.inputs}
    assert all(list(record) == list(nullable) for record in records)
    missing = {name for record in records for name, value in record.items() if value is None}
    assert "wind_gust" in missing and all(nullable[name] for name in missing)
    assert {type(value) for record in records for value in record.values()} == {str, int, float, type(None)}


def test_the_sample_is_of_all_airports_and_has_missing_and_unknown_values(flights):
    sample = data.sample(split(flights)[1])
    assert {row["origin"] for row in sample} == {"EWR", "JFK", "LGA"}
    assert any(row["temp"] is None for row in sample) and any(row["plane_seats"] is None for row in sample)
    assert sample[-1]["carrier"] is None and sample[-1]["dest"] == "XXX"
