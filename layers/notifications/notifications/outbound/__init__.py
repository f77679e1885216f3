"""What goes out to receivers and mail servers, over libcurl."""
