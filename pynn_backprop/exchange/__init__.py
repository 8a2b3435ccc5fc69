"""Networks that other programs read and wrote: NIR, the Neuromorphic Intermediate Representation."""

from .from_nir import from_nir
from .nir_file import read_nir, write_nir
from .to_nir import to_nir

__all__ = ["from_nir", "read_nir", "to_nir", "write_nir"]
