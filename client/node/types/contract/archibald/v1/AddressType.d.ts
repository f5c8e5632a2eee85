/**
 * What an alternate address is for.
 */
export declare const AddressType: {
    /**
     * Never sent.
     */
    readonly ADDRESS_TYPE_UNSPECIFIED: 'ADDRESS_TYPE_UNSPECIFIED';
    /**
     * Ufficio.
     */
    readonly ADDRESS_TYPE_BUSINESS: 'ADDRESS_TYPE_BUSINESS';
    /**
     * Fattura.
     */
    readonly ADDRESS_TYPE_INVOICE: 'ADDRESS_TYPE_INVOICE';
    /**
     * Consegna.
     */
    readonly ADDRESS_TYPE_DELIVERY: 'ADDRESS_TYPE_DELIVERY';
    /**
     * Indirizzo di consegna alternativo.
     */
    readonly ADDRESS_TYPE_ALTERNATE_DELIVERY: 'ADDRESS_TYPE_ALTERNATE_DELIVERY';
};
/**
 * What an alternate address is for.
 */
export type AddressType = 
/**
 * Never sent.
 */
'ADDRESS_TYPE_UNSPECIFIED' | 0
/**
 * Ufficio.
 */
 | 'ADDRESS_TYPE_BUSINESS' | 1
/**
 * Fattura.
 */
 | 'ADDRESS_TYPE_INVOICE' | 2
/**
 * Consegna.
 */
 | 'ADDRESS_TYPE_DELIVERY' | 3
/**
 * Indirizzo di consegna alternativo.
 */
 | 'ADDRESS_TYPE_ALTERNATE_DELIVERY' | 4;
/**
 * What an alternate address is for.
 */
export type AddressType__Output = typeof AddressType[keyof typeof AddressType];
