"""`pulumi-resource-trifold`: what the official providers have no resource for, through the vendors' own SDKs.

One file a service (`sagemaker`, `azureml`, `vertex`) declares its types as `TYPES`; `resources/` has the class a
program uses for each. It works on real and local clouds alike and knows no difference.
"""
