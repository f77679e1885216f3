"""The AWS calls of `configure` and `keypair`. boto3 is imported here and nowhere else."""
