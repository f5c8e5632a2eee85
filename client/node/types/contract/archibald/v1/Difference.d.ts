/**
 * One thing that is not as asked.
 */
export interface Difference {
    /**
     * Path of the request's field: "items[2].price".
     */
    'field'?: (string);
    /**
     * What the request asked for.
     */
    'asked'?: (string);
    /**
     * What the ERP shows.
     */
    'found'?: (string);
}
/**
 * One thing that is not as asked.
 */
export interface Difference__Output {
    /**
     * Path of the request's field: "items[2].price".
     */
    'field': (string);
    /**
     * What the request asked for.
     */
    'asked': (string);
    /**
     * What the ERP shows.
     */
    'found': (string);
}
