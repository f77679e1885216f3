# How our own code becomes part of a deployment package: copied to DESTINATION with bytecode that is
# trusted without a look at the sources' dates, which a package does not keep. It is compiled for every
# Lambda runtime whose Python is installed here; a runtime that finds none for it compiles at start-up.
PYTHONS := python3.11 python3.12 python3.13 python3.14
DESTINATION ?= $(ARTIFACTS_DIR)
PYTHON_OF := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))python-of

build-%:
	mkdir -p "$(DESTINATION)"
	cp -R $(PACKAGE) "$(DESTINATION)/"
	find "$(DESTINATION)" -name __pycache__ -prune -exec rm -rf {} +
	for python in $(PYTHONS); do \
	  if found=$$($(PYTHON_OF) $$python); then \
	    "$$found" -m compileall -q --invalidation-mode unchecked-hash "$(DESTINATION)"; \
	  fi; \
	done
