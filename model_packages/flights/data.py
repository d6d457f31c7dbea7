"""The flights of 2013 as the model sees them: what is known before departure, and whether the flight came late.

Times. Flights carry `time_hour`, the scheduled hour of departure in UTC. Weather rows are keyed by the same column: the
start, in UTC, of the hour they describe (its local columns repeat an hour when summer time ends; `time_hour` does not).
A row may hold what was measured up to minute 59 of its hour, so it counts as known when its hour is over. What a flight
is given is the last row of its origin that was known one hour before the scheduled departure: key + 1 h + 1 h <=
departure. Where the last such row is older than six hours the weather is missing.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from model_packages.flights.columns import FEATURES, LATE_MINUTES, TARGET, WEATHER

HOUR = pd.Timedelta(hours=1)
COMPLETE_AFTER = HOUR  # a weather row is complete when its hour is over
KNOWN_BEFORE = HOUR  # and must be known this long before the scheduled departure
OLDEST = pd.Timedelta(hours=6)
KEPT = ("month", "hour", "departure", "usable_from", "cancelled")


def table(flights_csv: Path, weather_csv: Path, planes_csv: Path) -> pd.DataFrame:
    """All scheduled flights, read from the three files of the data package."""
    return assemble(*(pd.read_csv(file) for file in (flights_csv, weather_csv, planes_csv)))


def assemble(flights: pd.DataFrame, weather: pd.DataFrame, planes: pd.DataFrame) -> pd.DataFrame:
    """All scheduled flights in order of departure: FEATURES, `late` (NaN where the flight never arrived), and when.

    `departure` and `usable_from` are UTC: the scheduled departure, and from when on its weather could be used.
    """
    flights = with_weather(with_plane(with_schedule(flights), planes), weather)
    late = (flights["arr_delay"] >= LATE_MINUTES).astype("float64")
    flights[TARGET] = late.where(flights["arr_delay"].notna())
    flights["cancelled"] = flights["dep_time"].isna()
    order = flights.sort_values(["departure", "carrier", "flight", "origin"], kind="stable")
    return order[[*FEATURES, TARGET, *KEPT]].reset_index(drop=True)


def with_schedule(flights: pd.DataFrame) -> pd.DataFrame:
    """Add the schedule's columns; actual times are not looked at."""
    local = pd.to_datetime(flights[["year", "month", "day"]])
    start = pd.to_datetime(flights["time_hour"], utc=True)
    return flights.assign(
        departure=start + pd.to_timedelta(flights["minute"], unit="min"),
        weekday=local.dt.day_of_week + 1,
        departure_minute=minutes(flights["sched_dep_time"]),
        arrival_minute=minutes(flights["sched_arr_time"]),
    )


def minutes(clock: pd.Series) -> pd.Series:
    """Minutes after midnight of a time written HHMM; 2400 is midnight."""
    return (clock // 100 * 60 + clock % 100) % 1440


def with_plane(flights: pd.DataFrame, planes: pd.DataFrame) -> pd.DataFrame:
    """Add age and seats by tail number; about a sixth of the flights have a plane that the register does not know."""
    known = planes.assign(plane_age=2013 - planes["year"], plane_seats=planes["seats"])
    return flights.merge(known[["tailnum", "plane_age", "plane_seats"]], on="tailnum", how="left", validate="m:1")


def with_weather(flights: pd.DataFrame, weather: pd.DataFrame) -> pd.DataFrame:
    """Add the last observation that was known an hour before the scheduled departure."""
    usable = weather[["origin", "time_hour", *WEATHER]].assign(
        usable_from=pd.to_datetime(weather["time_hour"], utc=True) + COMPLETE_AFTER + KNOWN_BEFORE
    )
    usable = usable.drop(columns="time_hour").sort_values("usable_from", kind="stable")
    ordered = flights.sort_values("departure", kind="stable")
    return pd.merge_asof(
        ordered,
        usable,
        left_on="departure",
        right_on="usable_from",
        by="origin",
        direction="backward",
        tolerance=OLDEST,
    )


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as the instances of a request: strings, numbers, and None where a value is missing."""
    rows = frame[list(FEATURES)].astype(object).where(frame[list(FEATURES)].notna(), None)
    return rows.to_dict(orient="records")


def sample(held_out: pd.DataFrame) -> list[dict[str, Any]]:
    """Eight real flights that the model never saw, from all three airports, some values of which are missing."""
    first = held_out[held_out["departure"].dt.date.astype(str) == "2013-12-20"]
    wanted = [
        first[(first["origin"] == "EWR") & (first["hour"] == 17) & first["plane_age"].notna()],
        first[(first["origin"] == "JFK") & (first["hour"] == 8)],
        first[(first["origin"] == "LGA") & (first["hour"] == 12)],
        first[first["plane_seats"].isna()],
        first[first["wind_gust"].notna()],
        held_out[held_out["pressure"].isna()],
        held_out[held_out["temp"].isna()],
    ]
    rows = records(pd.concat([rows.head(1) for rows in wanted]))
    return [*rows, {**rows[0], "carrier": None, "dest": "XXX"}]  # a missing and an unknown category


def held_out_records(count: int) -> list[dict[str, Any]]:
    """The first `count` flights of the hold-out as instances."""
    from model_packages.flights import DATA
    from model_packages.flights.training import split
    from trifold.package.recipe import data_file

    flights = table(*(data_file(path) for path in DATA))
    return records(split(flights)[1].head(count))
