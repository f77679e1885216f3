"""DynamoDB's own throttling, which the local stack's lacks: units counted and bounded per partition key."""
