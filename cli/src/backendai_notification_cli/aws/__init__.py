"""What `configure` and `keypair` ask of AWS; boto3 is imported here and nowhere else."""
