"""The packages of Pulumi's official and common third-party providers that reach a real service."""

from typing import Final

# fmt: off
REAL: Final = frozenset(
    {
        "aiven", "akamai", "alicloud", "aquasec", "artifactory", "astra", "auth0", "aws", "aws-apigateway",
        "aws-iam", "aws-native", "aws-quickstart-aurora-postgres", "aws-quickstart-redshift",
        "aws-quickstart-vpc", "aws-s3-replicated-bucket", "aws-static-website", "awsx", "azure", "azure-native",
        "azure-native-v1", "azure-native-v2", "azure-quickstart-acr-geo-replication",
        "azure-quickstart-compute", "azure-static-website", "azuread", "azuredevops", "buildkite", "castai",
        "checkly", "civo", "cloudamqp", "cloudflare", "cloudngfwaws", "cockroachdb", "confluent",
        "confluentcloud", "consul", "cyral", "databricks", "datadog", "dbtcloud", "digitalocean", "dnsimple",
        "docker", "docker-build", "doppler", "ec", "eks", "elasticstack", "equinix", "esxi-native",
        "eventstorecloud", "exoscale", "f5bigip", "fastly", "fusionauth", "gandi", "gcp", "gcp-global-cloudrun",
        "github", "gitlab", "google-cloud-static-website", "google-native", "grafana", "harbor", "harness",
        "harvester", "hcloud", "hcp", "heroku", "impart", "infoblox", "istio", "junipermist", "keycloak",
        "kong", "kubernetes", "kubernetes-cert-manager", "kubernetes-coredns", "kubernetes-ingress-nginx",
        "launchdarkly", "libvirt", "linode", "logdna", "lxd", "mailgun", "meraki", "miniflux", "minio",
        "mongodbatlas", "mssql", "mysql", "newrelic", "ngrok", "nomad", "ns1", "oci", "octopusdeploy", "okta",
        "oneandone", "onelogin", "openstack", "opsgenie", "ovh", "pagerduty", "pinecone", "planetscale", "port",
        "postgresql", "proxmoxve", "pulumiservice", "qovery", "rabbitmq", "rancher2", "redis-cloud",
        "rediscloud", "rke", "runpod", "scaleway", "scm", "sdwan", "sentry", "shipa", "signalfx", "slack",
        "snowflake", "splight", "splunk", "spotinst", "statuscake", "strata-cloud-manager", "sumologic",
        "supabase", "symbiosis", "tailscale", "temporalcloud", "terraform", "twingate", "ucloud", "unifi",
        "upstash", "vantage", "vault", "venafi", "vercel", "volcengine", "vra", "vsphere", "wavefront",
        "zitadel", "zscaler",
    }
)
# fmt: on
