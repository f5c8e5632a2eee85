import type { AddressType as _archibald_v1_AddressType, AddressType__Output as _archibald_v1_AddressType__Output } from '../../archibald/v1/AddressType.js';
/**
 * An alternate address of a customer.
 */
export interface CustomerAddress {
    /**
     * What it is for. Required.
     */
    'type'?: (_archibald_v1_AddressType);
    /**
     * Its name.
     */
    'name'?: (string);
    /**
     * Street and number. Required.
     */
    'street'?: (string);
    /**
     * Postal code. Required.
     */
    'postal_code'?: (string);
    /**
     * Town.
     */
    'city'?: (string);
}
/**
 * An alternate address of a customer.
 */
export interface CustomerAddress__Output {
    /**
     * What it is for. Required.
     */
    'type': (_archibald_v1_AddressType__Output);
    /**
     * Its name.
     */
    'name': (string);
    /**
     * Street and number. Required.
     */
    'street': (string);
    /**
     * Postal code. Required.
     */
    'postal_code': (string);
    /**
     * Town.
     */
    'city': (string);
}
