"""Autoscaling of a deployment: bounds and two rules on its processors' load, kept by Azure Monitor.

https://learn.microsoft.com/azure/machine-learning/how-to-autoscale-endpoints
"""

from collections.abc import Mapping

from pulumi import Output, ResourceOptions
from pulumi_azure_native import monitor

from infra.azure.foundation import Foundation
from infra.capabilities.endpoint import Variant

METRIC = "CpuUtilizationPercentage"
BUSY, IDLE = 70, 30


def follow_the_load(
    name: str,
    variant: Variant,
    deployment: Output[str],
    foundation: Foundation,
    tags: Mapping[str, str],
    opts: ResourceOptions,
) -> monitor.AutoscaleSetting:
    """One instance more where the average load of five minutes is above BUSY per cent, one less below IDLE."""
    return monitor.AutoscaleSetting(
        name,
        resource_group_name=foundation.group,
        location=foundation.account.region,
        enabled=True,
        target_resource_uri=deployment,
        profiles=[
            monitor.AutoscaleProfileArgs(
                name="load",
                capacity=monitor.ScaleCapacityArgs(
                    minimum=str(variant.minimum), maximum=str(variant.maximum), default=str(variant.count)
                ),
                rules=[
                    _rule(deployment, monitor.ComparisonOperationType.GREATER_THAN, BUSY, more=True),
                    _rule(deployment, monitor.ComparisonOperationType.LESS_THAN, IDLE, more=False),
                ],
            )
        ],
        tags=dict(tags),
        opts=opts,
    )


def _rule(
    deployment: Output[str], comparison: monitor.ComparisonOperationType, threshold: float, *, more: bool
) -> monitor.ScaleRuleArgs:
    return monitor.ScaleRuleArgs(
        metric_trigger=monitor.MetricTriggerArgs(
            metric_name=METRIC,
            metric_resource_uri=deployment,
            operator=comparison,
            statistic=monitor.MetricStatisticType.AVERAGE,
            threshold=threshold,
            time_aggregation=monitor.TimeAggregationType.AVERAGE,
            time_grain="PT1M",
            time_window="PT5M",
        ),
        scale_action=monitor.ScaleActionArgs(
            direction=monitor.ScaleDirection.INCREASE if more else monitor.ScaleDirection.DECREASE,
            type=monitor.ScaleType.CHANGE_COUNT,
            value="1",
            cooldown="PT5M",
        ),
    )
