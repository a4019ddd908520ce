# Builds, installs and tests the C library. It needs cargo and a C compiler; works with GNU make 3.81 and later.
#
#   make              builds the shared and the static library into target/release, with link-time optimisation
#   make install      installs what `make` built
#   make uninstall    removes what `make install` installed with the same variables
#   make check        tests the library from C, and the installation
#
# `make install` and `make uninstall` put DESTDIR before each path. All variables: `make help`.

PREFIX     = /usr/local
LIBDIR     = $(PREFIX)/lib
BINDIR     = $(PREFIX)/bin
INCLUDEDIR = $(PREFIX)/include
MANDIR     = $(PREFIX)/share/man
DESTDIR    =

CARGO      = cargo
CARGOFLAGS =
INSTALL    = install

VERSION := $(shell sed -n 's/^version = "\(.*\)"$$/\1/p' Cargo.toml)
MAJOR   := $(firstword $(subst ., ,$(VERSION)))
SYSTEM  := $(shell uname -s)

ifeq ($(SYSTEM),Darwin)
LIBRARY      = libapideck_vault.dylib
SONAME       = libapideck_vault.$(MAJOR).dylib
LIBRARY_FILE = libapideck_vault.$(VERSION).dylib
else ifneq (,$(filter Windows MINGW% MSYS%,$(SYSTEM)))
LIBRARY      = apideck_vault.dll
SONAME       = $(LIBRARY)
LIBRARY_FILE = ../bin/$(LIBRARY)
IMPORT       = libapideck_vault.dll.a
else
LIBRARY      = libapideck_vault.so
SONAME       = $(LIBRARY).$(MAJOR)
LIBRARY_FILE = $(LIBRARY).$(VERSION)
endif

# Where cargo writes.
TARGETDIR = $(if $(CARGO_TARGET_DIR),$(CARGO_TARGET_DIR),target)
BUILT     = $(TARGETDIR)$(addprefix /,$(CARGO_BUILD_TARGET))/release

# What is installed. A package builder that has built the library in another way names its files here.
SHARED = $(BUILT)/$(LIBRARY)
STATIC = $(BUILT)/libapideck_vault.a
# The system libraries that a program needs which is linked with the static library.
SYSTEM_LIBRARIES_FILE = $(BUILT)/apideck_vault.system-libraries
# The folder of the man pages that the newest build has written.
MANPAGES = $$(ls -td "$(BUILT)"/build/apideck-vault-*/out/man/man3 | head -n 1)

# What packaging/fill needs.
export PREFIX LIBDIR INCLUDEDIR SYSTEM_LIBRARIES_FILE VERSION MAJOR SONAME LIBRARY_FILE

PC_FOLDER    = $(DESTDIR)$(LIBDIR)/pkgconfig
CMAKE_FOLDER = $(DESTDIR)$(LIBDIR)/cmake/apideck_vault
MAN_FOLDER   = $(DESTDIR)$(MANDIR)/man3
FOLDERS      = "$(DESTDIR)$(INCLUDEDIR)" "$(PC_FOLDER)" "$(CMAKE_FOLDER)" "$(MAN_FOLDER)"

# The files of the shared library.
ifdef IMPORT
INSTALLED_SHARED = "$(DESTDIR)$(BINDIR)/$(LIBRARY)" "$(DESTDIR)$(LIBDIR)/$(IMPORT)"
else
INSTALLED_SHARED = "$(DESTDIR)$(LIBDIR)/$(LIBRARY_FILE)" "$(DESTDIR)$(LIBDIR)/$(SONAME)" "$(DESTDIR)$(LIBDIR)/$(LIBRARY)"
endif

# Everything that is installed.
INSTALLED = "$(DESTDIR)$(INCLUDEDIR)/apideck_vault.h" \
            $(INSTALLED_SHARED) \
            "$(DESTDIR)$(LIBDIR)/libapideck_vault.a" \
            "$(PC_FOLDER)/apideck_vault.pc" "$(PC_FOLDER)/apideck_vault-static.pc" \
            "$(CMAKE_FOLDER)/apideck_vault-config.cmake" "$(CMAKE_FOLDER)/apideck_vault-config-version.cmake" \
            "$(MAN_FOLDER)"/apideck_vault*.3

.PHONY: all install uninstall check help

all:
	$(CARGO) rustc --release --locked $(CARGOFLAGS) --package apideck-vault --lib --crate-type cdylib,staticlib \
	  --target-dir "$(TARGETDIR)" -- --print=native-static-libs="$(SYSTEM_LIBRARIES_FILE)"

# Does not call cargo if everything is built, because root often has none.
install:
	@test -f "$(SHARED)" && test -f "$(STATIC)" && test -f "$(SYSTEM_LIBRARIES_FILE)" || $(MAKE) all
	$(INSTALL) -d $(FOLDERS)
	$(INSTALL) -m 644 include/apideck_vault.h "$(DESTDIR)$(INCLUDEDIR)/apideck_vault.h"
ifdef IMPORT
	$(INSTALL) -d "$(DESTDIR)$(BINDIR)"
	$(INSTALL) -m 755 "$(SHARED)" "$(DESTDIR)$(BINDIR)/$(LIBRARY)"
	$(INSTALL) -m 644 "$(SHARED).a" "$(DESTDIR)$(LIBDIR)/$(IMPORT)"
else
	$(INSTALL) -m 755 "$(SHARED)" "$(DESTDIR)$(LIBDIR)/$(LIBRARY_FILE)"
	ln -sf $(LIBRARY_FILE) "$(DESTDIR)$(LIBDIR)/$(SONAME)"
	ln -sf $(SONAME) "$(DESTDIR)$(LIBDIR)/$(LIBRARY)"
endif
	$(INSTALL) -m 644 "$(STATIC)" "$(DESTDIR)$(LIBDIR)/libapideck_vault.a"
	$(INSTALL) -m 644 "$(MANPAGES)"/*.3 "$(MAN_FOLDER)"
	@packaging/fill apideck_vault.pc "$(PC_FOLDER)"
	@packaging/fill apideck_vault-static.pc "$(PC_FOLDER)"
	@packaging/fill apideck_vault-config.cmake "$(CMAKE_FOLDER)"
	@packaging/fill apideck_vault-config-version.cmake "$(CMAKE_FOLDER)"

uninstall:
	rm -f $(INSTALLED)
	-rmdir "$(CMAKE_FOLDER)"

check:
	$(CARGO) test --locked $(CARGOFLAGS) --package apideck-vault --lib --test c_programs --test install

help:
	@sed -n '/^$$/q; s/^# \{0,1\}//p' Makefile
	@sed -n '/^PREFIX/,/^INSTALL /p' Makefile
