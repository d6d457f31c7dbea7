"""The local counterpart of `pulumi-resource-azure-native`: from a resource type to calls of Resource Manager."""
