import type { Difference as _archibald_v1_Difference, Difference__Output as _archibald_v1_Difference__Output } from '../../archibald/v1/Difference.js';
/**
 * The customer as the ERP holds it.
 */
export interface CreateCustomerResult {
    /**
     * The customer's id in the ERP, digits: "57405".
     */
    'customer_id'?: (string);
    /**
     * The key of our row in agents.customers: "57.405".
     */
    'customer_profile'?: (string);
    /**
     * The marker in the customer's notes.
     */
    'marker'?: (string);
    /**
     * Everything that the ERP shows otherwise than asked. Empty: exactly as asked.
     */
    'differences'?: (_archibald_v1_Difference)[];
    /**
     * Things worth knowing that did not stop it.
     */
    'warnings'?: (string)[];
}
/**
 * The customer as the ERP holds it.
 */
export interface CreateCustomerResult__Output {
    /**
     * The customer's id in the ERP, digits: "57405".
     */
    'customer_id': (string);
    /**
     * The key of our row in agents.customers: "57.405".
     */
    'customer_profile': (string);
    /**
     * The marker in the customer's notes.
     */
    'marker': (string);
    /**
     * Everything that the ERP shows otherwise than asked. Empty: exactly as asked.
     */
    'differences': (_archibald_v1_Difference__Output)[];
    /**
     * Things worth knowing that did not stop it.
     */
    'warnings': (string)[];
}
