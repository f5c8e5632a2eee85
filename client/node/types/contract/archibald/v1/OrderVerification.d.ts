import type { Difference as _archibald_v1_Difference, Difference__Output as _archibald_v1_Difference__Output } from '../../archibald/v1/Difference.js';
import type { ErpLine as _archibald_v1_ErpLine, ErpLine__Output as _archibald_v1_ErpLine__Output } from '../../archibald/v1/ErpLine.js';
/**
 * The order read back from the ERP after the save, and compared with the request.
 */
export interface OrderVerification {
    /**
     * Everything that is not as asked. Empty: the order is exactly as asked.
     */
    'differences'?: (_archibald_v1_Difference)[];
    /**
     * The lines as the ERP shows them, in its order.
     */
    'lines'?: (_archibald_v1_ErpLine)[];
    /**
     * The order's net total at the ERP's prices.
     */
    'total'?: (string);
}
/**
 * The order read back from the ERP after the save, and compared with the request.
 */
export interface OrderVerification__Output {
    /**
     * Everything that is not as asked. Empty: the order is exactly as asked.
     */
    'differences': (_archibald_v1_Difference__Output)[];
    /**
     * The lines as the ERP shows them, in its order.
     */
    'lines': (_archibald_v1_ErpLine__Output)[];
    /**
     * The order's net total at the ERP's prices.
     */
    'total': (string);
}
