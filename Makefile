# The commands of the repository; each is a script in tools/ that says what it does.

.PHONY: help setup run stop clean test lint i18n bench

help:
	@echo "make run                          set everything up and serve with demo data"
	@echo "make stop                         stop what make run started"
	@echo "make clean                        remove all that was set up, data included"
	@echo "make test [ADDON=a,b] [TAGS=...]  run the tests on a fresh database"
	@echo "make lint [FIX=1]                 check style and translations, or reformat first"
	@echo "make i18n [FIX=1]                 check the translations, or refresh their files"
	@echo "make bench                        measure, beside the peers"

setup:
	@tools/setup.sh test

run:
	@tools/run.sh

stop:
	@tools/stop.sh

clean:
	@tools/clean.sh

test:
	@tools/test.sh "$(ADDON)" "$(TAGS)"

lint:
	@tools/lint.sh $(if $(FIX),fix)

i18n:
	@tools/i18n.sh $(if $(FIX),fix,check)

bench:
	@tools/bench.sh $(BENCH)
