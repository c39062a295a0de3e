# What people type. The longer thoughts behind each word are in .ci/house.py.
PYTHON ?= python3
PORT ?= 8000
HOUSE = $(PYTHON) .ci/house.py
export PORT

.PHONY: help run demo test check tidy bench drill lighthouse css lock clean

help: ## what can be typed
	@sed -n 's/^\([a-z]*\): .*## \(.*\)/make \1	\2/p' Makefile | expand -t 14

run: ## the hub with a made-up family on http://localhost:8000 (another port: make run PORT=8001)
	@$(HOUSE) run

demo: ## put the made-up family back as it was
	@$(HOUSE) demo

test: ## every test, on real servers (some of them: make test ARGS="tests/accounts -k sign_in")
	@$(HOUSE) test $(ARGS)

check: ## everything about the code that needs no server
	@$(HOUSE) check

tidy: ## put code and templates into the shape that check asks for
	@$(HOUSE) tidy

bench: ## how fast and how big, beside a bare Django view
	@$(HOUSE) bench $(ARGS)

drill: ## back up 50,000 plans, bring them back and compare them with the anchors
	@$(HOUSE) drill $(ARGS)

lighthouse: ## what Lighthouse says of our pages on a slow phone (needs Node)
	@$(HOUSE) lighthouse $(ARGS)

css: ## build the style sheets again (needs Node)
	@$(HOUSE) css

lock: ## write .requirements/*.txt again from pyproject.toml
	@$(HOUSE) lock

clean: ## throw away the virtual environment, the demo's rows and files, and what tools left behind
	@$(HOUSE) clean
