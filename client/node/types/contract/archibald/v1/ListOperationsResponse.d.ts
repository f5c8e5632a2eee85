import type { Operation as _archibald_v1_Operation, Operation__Output as _archibald_v1_Operation__Output } from '../../archibald/v1/Operation.js';
/**
 * One page.
 */
export interface ListOperationsResponse {
    /**
     * Newest first.
     */
    'operations'?: (_archibald_v1_Operation)[];
    /**
     * For the next page; empty on the last.
     */
    'next_page_token'?: (string);
}
/**
 * One page.
 */
export interface ListOperationsResponse__Output {
    /**
     * Newest first.
     */
    'operations': (_archibald_v1_Operation__Output)[];
    /**
     * For the next page; empty on the last.
     */
    'next_page_token': (string);
}
