"""What the model is told about a flight: the columns of a request, their types, units and origin."""

from trifold.package import Column, OutputColumn, Signature

CATEGORIES = ("carrier", "origin", "dest")
SCHEDULE = ("weekday", "departure_minute", "arrival_minute", "distance")
PLANE = ("plane_age", "plane_seats")
WEATHER = ("temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust", "precip", "pressure", "visib")
INTEGERS = SCHEDULE[:3]
NUMBERS = (*SCHEDULE, *PLANE, *WEATHER)
FEATURES = (*CATEGORIES, *NUMBERS)
TARGET = "late"
LATE_MINUTES = 15

INPUTS = (
    Column("carrier", "string", True, description="two-letter code of the airline, e.g. UA"),
    Column("origin", "string", True, description="airport of departure: EWR, JFK or LGA"),
    Column("dest", "string", True, description="airport of arrival, e.g. IAH"),
    Column("weekday", "long", unit="day", description="1 is Monday, 7 is Sunday; local", range=(1, 7)),
    Column("departure_minute", "long", unit="min", description="scheduled departure, minutes after local midnight",
           range=(0, 1439)),
    Column("arrival_minute", "long", unit="min", description="scheduled arrival, minutes after midnight there",
           range=(0, 1439)),
    Column("distance", "double", unit="mi", description="distance between the two airports"),
    Column("plane_age", "double", True, unit="a", description="2013 less the plane's year of manufacture"),
    Column("plane_seats", "double", True, unit="1", description="seats of the plane"),
    Column("temp", "double", True, unit="degF", description="temperature at the origin"),
    Column("dewp", "double", True, unit="degF", description="dew point at the origin"),
    Column("humid", "double", True, unit="%", description="relative humidity at the origin"),
    Column("wind_dir", "double", True, unit="deg", description="direction the wind comes from"),
    Column("wind_speed", "double", True, unit="mi/h", description="wind speed"),
    Column("wind_gust", "double", True, unit="mi/h", description="speed of gusts; null where none was reported"),
    Column("precip", "double", True, unit="in", description="precipitation in that hour"),
    Column("pressure", "double", True, unit="mbar", description="sea-level pressure"),
    Column("visib", "double", True, unit="mi", description="visibility"),
)  # fmt: skip
OUTPUTS = (
    OutputColumn(TARGET, "double", tensor=TARGET, index=0, unit="1",
                 description=f"probability of arriving {LATE_MINUTES} minutes late or more, if it arrives"),
)  # fmt: skip
SIGNATURE = Signature(INPUTS, OUTPUTS, max_rows=1000)
