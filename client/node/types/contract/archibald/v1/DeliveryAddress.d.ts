/**
 * An alternate delivery address of the customer, as the ERP knows it.
 */
export interface DeliveryAddress {
    /**
     * Street and number. Required.
     */
    'street'?: (string);
    /**
     * Postal code.
     */
    'postal_code'?: (string);
    /**
     * Town.
     */
    'city'?: (string);
    /**
     * The address's name.
     */
    'name'?: (string);
}
/**
 * An alternate delivery address of the customer, as the ERP knows it.
 */
export interface DeliveryAddress__Output {
    /**
     * Street and number. Required.
     */
    'street': (string);
    /**
     * Postal code.
     */
    'postal_code': (string);
    /**
     * Town.
     */
    'city': (string);
    /**
     * The address's name.
     */
    'name': (string);
}
