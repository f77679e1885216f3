"""Send requests to receivers and mail servers, over libcurl."""
