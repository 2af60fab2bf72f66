/** Entry of every other page: the kit's style and our tokens. Refuses behaviour: those pages work without scripts. */

import "./styles/page.css";
