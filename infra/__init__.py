"""What gets provisioned: capability contracts, and one component a capability for each cloud. Knows no local cloud."""
