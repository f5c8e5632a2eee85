/**
 * What to do when the ERP's price for an item is not the request's.
 */
export declare const OnPriceDifference: {
    /**
     * As ON_PRICE_DIFFERENCE_REPORT.
     */
    readonly ON_PRICE_DIFFERENCE_UNSPECIFIED: 'ON_PRICE_DIFFERENCE_UNSPECIFIED';
    /**
     * The order is saved with the ERP's prices; every difference is in the result's verification.
     */
    readonly ON_PRICE_DIFFERENCE_REPORT: 'ON_PRICE_DIFFERENCE_REPORT';
    /**
     * The attempt ends before the save: ERP_REJECTED.
     */
    readonly ON_PRICE_DIFFERENCE_REJECT: 'ON_PRICE_DIFFERENCE_REJECT';
};
/**
 * What to do when the ERP's price for an item is not the request's.
 */
export type OnPriceDifference = 
/**
 * As ON_PRICE_DIFFERENCE_REPORT.
 */
'ON_PRICE_DIFFERENCE_UNSPECIFIED' | 0
/**
 * The order is saved with the ERP's prices; every difference is in the result's verification.
 */
 | 'ON_PRICE_DIFFERENCE_REPORT' | 1
/**
 * The attempt ends before the save: ERP_REJECTED.
 */
 | 'ON_PRICE_DIFFERENCE_REJECT' | 2;
/**
 * What to do when the ERP's price for an item is not the request's.
 */
export type OnPriceDifference__Output = typeof OnPriceDifference[keyof typeof OnPriceDifference];
