# The commands of this project. Each finds a Python 3.12 or newer by itself, builds .venv and a private PostgreSQL.
.DEFAULT_GOAL := help
.PHONY: help run test check format lock password manage messages pictures clean
.NOTPARALLEL:

# PORT, PYTHON, DATABASE_URL and the settings reach the launcher through the environment, given before or after `make`.
export PORT PYTHON
LAUNCH = @python=$$(sh config/find_python.sh) && exec "$$python" -m config.launch

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

run: ## serve at http://127.0.0.1:8000/ with example records and demo users (PORT=8001 for another port)
	$(LAUNCH) run

test: ## the whole suite, in databases of its own (ARGS="-k words" for a part)
	$(LAUNCH) test $(ARGS)

check: ## ruff, djade, mypy, missing migrations, and Django's checks of production settings
	$(LAUNCH) check

format: ## put Python and templates into shape
	$(LAUNCH) format

lock: ## write the lock files anew from pyproject.toml (ARGS=--upgrade for newer versions)
	$(LAUNCH) lock $(ARGS)

password: ## a new password for the demo administrator (ARGS=editor for another user)
	$(LAUNCH) password $(ARGS)

manage: ## Django's manage.py with the database running (ARGS="shell")
	$(LAUNCH) manage $(ARGS)

messages: ## bring the catalogues of messages up to date with the code (needs GNU gettext)
	$(LAUNCH) setup
	rm -f claims/locale/en/LC_MESSAGES/django.po
	$(LAUNCH) manage makemessages --locale en --locale ar --no-location --no-obsolete --ignore .venv --ignore var --ignore tests --ignore admin
	msgattrib --clear-fuzzy --empty --no-wrap --output-file claims/locale/en/LC_MESSAGES/django.po claims/locale/en/LC_MESSAGES/django.po
	msgen --no-wrap --output-file claims/locale/en/LC_MESSAGES/django.po claims/locale/en/LC_MESSAGES/django.po
	$(LAUNCH) manage compilemessages --locale en --locale ar --ignore .venv

pictures: ## the pictures in docs/pictures anew, from the site that `make run` serves (PORT as there); needs Chromium
	$(LAUNCH) setup
	$(LAUNCH) manage shell --no-imports --command 'import runpy; runpy.run_path("tests/browser/take_pictures.py", run_name="__main__")'

clean: ## stop this clone's databases and remove .venv/ and var/ WITH ALL DATA, without asking
	$(LAUNCH) clean
