# Two commands do everything on a fresh machine:  make demo  and  make test
# The rest is for people who work on Tenon; CONTRIBUTING.md tells more.

SHELL := /bin/bash
.PHONY: help build demo demo-stop test format lint tidy bench bench-migrations golden fuzz clean

help:
	@echo 'make demo    build, start the sample shop API, answer one query   (DETACH=1 returns when it is up)'
	@echo 'make test    build and run every test'
	@echo 'make build   leave the program in build/tenon'
	@echo 'make format  format the C++ sources        make lint   clang-tidy'
	@echo 'make golden  accept changed golden files   make tidy   check the tree'
	@echo 'make bench   measure every operation       make fuzz   run each fuzzer (SECONDS_EACH=60)'
	@echo 'make bench-migrations   measure migrations beside other tools'

build:
	@scripts/install-packages.sh build
	@cmake --preset release --log-level=WARNING >/dev/null
	@cmake --build --preset release --target tenon

demo: build
	@scripts/demo.sh

demo-stop:
	@scripts/demo.sh stop

test:
	@scripts/install-packages.sh test
	@scripts/test.sh

golden:
	@cmake --preset release --log-level=WARNING >/dev/null
	@cmake --build --preset release
	@TENON_UPDATE_GOLDEN=1 ctest --test-dir build --output-on-failure -L 'unit|postgres|mariadb'
	@git status --short -- tests/golden

format:
	@git ls-files '*.h' '*.cpp' | xargs clang-format-19 -i

lint:
	@command -v clang-tidy-19 >/dev/null || { echo 'install the package clang-tidy-19'; exit 1; }
	@cmake --preset debug --log-level=WARNING >/dev/null
	@git ls-files 'src/*.cpp' | grep -v test | xargs -P 2 -n 4 clang-tidy-19 -p build/debug --quiet

tidy:
	@node scripts/tidy.mjs

bench: build
	@scripts/install-packages.sh test
	@cmake --build --preset release --target tenon_bare_client
	@bench/run.sh

bench-migrations: build
	@scripts/install-packages.sh test
	@cd bench/migrations && npm ci --no-audit --no-fund --loglevel=error
	@node bench/migrations/run.mjs

fuzz:
	@scripts/install-packages.sh test
	@scripts/fuzz.sh $${SECONDS_EACH:-60}

clean:
	@rm -rf build
