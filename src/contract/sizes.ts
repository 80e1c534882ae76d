// Units of the sizes that the contract measures in bytes.

export const MIB = 1n << 20n;
export const GIB = 1n << 30n;
