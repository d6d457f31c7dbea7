"""Handwritten digits: a small neural network on real 8 x 8 scans, to show that nothing is tied to flights."""

from trifold.package import TrainedModel, packaged

DATA = ("sklearn/datasets/data/digits.csv.gz",)


@packaged(name="digits", data=DATA, tools=("numpy", "scikit-learn", "scipy", "onnx", "pillow"))
def train(seed: int) -> TrainedModel:
    """Train on the first two thirds of the scans, judge on the last third."""
    from model_packages.digits.training import train_model

    return train_model(seed)
