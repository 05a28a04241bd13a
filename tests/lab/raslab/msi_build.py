# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds installers for the lab: real MSI files by ``wixl``, signed on demand by ``osslsigncode`` (Debian packages).

By hand: ``python -m raslab.msi_build 20.2.26050 RASInstaller-20.2.26050.msi [--sign]``. Those in ``tests/lab/msi``,
which worlds name ``lab:RASInstaller-21.2.28000.msi``, were made with ``python -m raslab.msi_build --stock``, so that
nobody needs the tools who only runs the lab.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from raslab.windows.products import product_code, RAS_NAME, RAS_PUBLISHER, RAS_UPGRADE_CODE, ras_version

PUBLISHER = "Parallels International GmbH (simulated)"
STOCK = Path(__file__).resolve().parent.parent / "msi"
_RECIPE = STOCK / "RASInstaller.wxs"
_YEARS = 20


class BuildError(RuntimeError):
    """A tool is missing or refused."""


def build_msi(
    path: str | Path,
    version: str,
    *,
    name: str = RAS_NAME,
    full_version: str | None = None,
    publisher: str | None = None,
) -> Path:
    """Writes an installer of ``version`` (three parts) to ``path`` and returns it.

    ``full_version`` is what agents report after its installation (default: the update digit 0); ``publisher`` signs it
    with a certificate of that organization. Raises BuildError.
    """
    target = Path(path)
    is_ras = name == RAS_NAME
    with tempfile.TemporaryDirectory() as folder:
        readme = Path(folder) / "README.txt"
        readme.write_text(f"{name} {version}: a simulated installer.\n", encoding="utf-8")
        built = Path(folder) / "built.msi"
        values = {
            "Code": product_code(name, version),
            "Name": name,
            "Version": version,
            "Manufacturer": RAS_PUBLISHER if is_ras else "Example",
            "UpgradeCode": RAS_UPGRADE_CODE if is_ras else product_code(name, "any"),
            "RasVersion": full_version or ras_version(version),
            "Readme": readme.name,
        }
        defines = [argument for key, value in values.items() for argument in ("-D", f"{key}={value}")]
        shutil.copyfile(_RECIPE, Path(folder) / _RECIPE.name)
        # wixl finds files only below the folder that it runs in
        _run(["wixl", *defines, "-o", built.name, _RECIPE.name], folder)
        if publisher:
            _sign(built, target, publisher, Path(folder))
        else:
            shutil.copyfile(built, target)
    return target


def _sign(unsigned: Path, signed: Path, publisher: str, folder: Path) -> None:
    key = rsa.generate_private_key(65537, 2048)
    attributes = (NameOID.COUNTRY_NAME, "CH"), (NameOID.ORGANIZATION_NAME, publisher), (NameOID.COMMON_NAME, publisher)
    name = x509.Name([x509.NameAttribute(oid, value) for oid, value in attributes])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * _YEARS))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
        .sign(key, hashes.SHA256())
    )
    key_path, certificate_path = folder / "key.pem", folder / "certificate.pem"
    key_path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    certificate_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    signed.unlink(missing_ok=True)
    _run(
        [
            *("osslsigncode", "sign", "-h", "sha256", "-certs", str(certificate_path), "-key", str(key_path)),
            *("-in", str(unsigned), "-out", str(signed)),
        ]
    )


def _run(command: list[str], folder: str | None = None) -> None:
    if shutil.which(command[0]) is None:
        raise BuildError(f"{command[0]} is not installed")
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    if done.returncode:
        raise BuildError(f"{command[0]}: {(done.stderr or done.stdout).strip()[-500:]}")


def build_stock() -> None:
    """Builds what is in ``tests/lab/msi`` again."""
    for version in ("20.2.26050", "21.2.28000"):
        build_msi(STOCK / f"RASInstaller-{version}.msi", version, publisher=PUBLISHER)
    build_msi(STOCK / "unsigned-21.2.28000.msi", "21.2.28000")
    build_msi(STOCK / "foreign-21.2.28000.msi", "21.2.28000", publisher="Somebody Else Ltd (simulated)")
    build_msi(STOCK / "OtherProduct-1.0.7.msi", "1.0.7", name="Another Product")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m raslab.msi_build", description="Builds a simulated installer.")
    parser.add_argument("version", nargs="?", help="three parts, such as 20.2.26050")
    parser.add_argument("path", nargs="?", type=Path)
    parser.add_argument("--full-version", help="what agents report afterwards, such as 20.2.0.26050")
    parser.add_argument("--sign", action="store_true", help=f"sign it as {PUBLISHER}")
    parser.add_argument("--stock", action="store_true", help=f"build all that is in {STOCK.name} again")
    options = parser.parse_args()
    if options.stock:
        build_stock()
    elif options.version is None or options.path is None:
        parser.error("version and path are needed")
    else:
        publisher = PUBLISHER if options.sign else None
        build_msi(options.path, options.version, full_version=options.full_version, publisher=publisher)


if __name__ == "__main__":
    main()
