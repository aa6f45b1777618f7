var e,t,n,r,i,a,o,s,c,l,u,d=Symbol.for(`pv`),f={},p=[],m=/^m(i|n|o|s|text|space)$/,h=Array.isArray,g=p.slice,_=Object.assign;function v(e){e&&e.parentNode&&e.remove()}function y(n,r,i,a,o){var s={type:n,props:r,key:i,ref:a,__k:null,__:null,__b:0,__e:null,__c:null,constructor:d,__v:o||++t,__i:-1,__u:0};return!o&&e.vnode&&e.vnode(s),s}function b(e){return e.children}function x(e,t){this.props=e,this.context=t,this.__g=0}function S(e,t){if(t==null)return e.__&&S(e.__,e.__i+1);for(var n;t<e.__k.length;t++)if((n=e.__k[t])&&n.__e)return n.__e;return typeof e.type!=`function`||e.props.__P?null:S(e)}function C(t){var n,r=t.__v,i=r.__e,a=[],o=[],s=t.__P;s&&((n=_({constructor:d},r)).__v=r.__v+1,e.vnode&&e.vnode(n),A(s,n,r,t.__n,s.namespaceURI,32&r.__u?[i]:null,a,i||S(r),32&r.__u,o),n.__v=r.__v,n.__.__k[n.__i]=n,oe(a,n,o),r.__=r.__e=null,n.__e!=i&&w(n))}function w(e){if((e=e.__)&&e.__c&&!e.props.__P)return e.__e=null,e.__k.some(function(t){return t&&(e.__e=t.__e)}),w(e)}function T(t){(8&t.__g||(t.__g|=8,n.push(t),i++))&&r==e.debounceRendering||((r=e.debounceRendering)||queueMicrotask)(E)}function E(){try{for(var e,t=1;n.length;)n.length>t&&n.sort(a),e=n.shift(),t=n.length,8&e.__g&&C(e)}finally{(i=n.length)&&(r||queueMicrotask)(E)}}function ee(e,t,n,r,i,a,o,s,c,l,u){var d,m,h,g,_,v,y=r.__k||p,b=t.length;for(c=D(n,t,y,c,b),d=0;d<b;d++)(h=n.__k[d])!=null&&(m=~h.__i&&y[h.__i]||f,h.__i=d,v=A(e,h,m,i,a,o,s,c,l,u),g=h.__e,(m.ref!=h.ref||8&m.__u)&&(m.ref&&j(m.ref,null,h,m),h.ref&&u.push(h.ref,h.__c||g,h)),_||=g,4&h.__u?(c=O(h,c,e,!m.__v),m.__e&&(m.__e=null)):typeof h.type==`function`&&v!==void 0?c=v:g&&(c=g.nextSibling),h.__u&=-21);return n.__e=_,c}function D(e,t,n,r,i){var a,o,s,c,l,u,f,p,m,g=n.length,_=g,v=0,x=0,C=e.__k=Array(i);for(a=0;a<i;a++)(o=t[a])!=null&&typeof o!=`boolean`&&typeof o!=`function`?(typeof o!=`object`||o.constructor===String?o=C[a]=y(null,o):h(o)?o=C[a]=y(b,{children:o}):o.constructor===d&&o.__b?o=C[a]=y(o.type,o.props,o.key,o.ref,o.__v):C[a]=o,c=a+v,o.__=e,o.__b=e.__b+1,s=null,~(l=o.__i=k(o,n,c,_))&&(_--,(s=n[l])&&(s.__u|=2)),s&&s.__v?(o.__u|=16,l==c-1?v--:l==c+1?v++:l!=c&&(l>c?v--:v++,x=1)):(~l||(i>g?v--:i<g&&v++),typeof o.type!=`function`&&(o.__u|=4))):C[a]=null;if(x){for(u=[],f=[],a=0;a<i;a++)if((o=C[a])&&16&o.__u){for(v=0,p=u.length;v<p;)u[m=v+p>>1]<o.__i?v=m+1:p=m;u[v]=o.__i,f[a]=v+1}for(v=u.length;a--;)f[a]&&(f[a]==v?v--:C[a].__u|=4)}if(_)for(a=0;a<g;a++)!(s=n[a])||2&s.__u||(s.__e==r&&(r=S(s)),ce(s,s));return r}function O(e,t,n,r){var i,a,o,s;if(typeof e.type==`function`){if(e.props.__P)return t;if(i=e.__k)for(a=0;a<i.length;a++)i[a]&&(i[a].__=e,t=O(i[a],t,n,!1));return t}for(t&&!t.parentNode&&(t=S(e))&&!t.parentNode&&(t=null),o=e.__e,s=t;s&&s.nodeType==8;)s=s.nextSibling;for(o!=s&&(!r&&n.moveBefore&&o.parentNode?n.moveBefore(o,t):n.insertBefore(o,t||null)),t=o;(t&&=t.nextSibling)&&t.nodeType==8&&!t.data.startsWith(`$s`););return t}function k(e,t,n,r){var i,a=e.key,o=e.type,s=t[n],c=s&&!(2&s.__u);if(s===null&&a==null||c&&a==s.key&&o==s.type)return n;if(r>+!!c){for(i=n-1;i>=0;i--)if((s=t[i])&&!(2&s.__u)&&a==s.key&&o==s.type)return i;for(i=n+1;i<t.length;i++)if((s=t[i])&&!(2&s.__u)&&a==s.key&&o==s.type)return i}return-1}function te(e,t,n){n??=``,t[0]==`-`?e.setProperty(t,n):e[t]=n}function ne(e,t,n,r,i){var a,o;if(t==`style`){if(typeof n==`string`)e.style.cssText=n;else{if(typeof r==`string`&&(e.style.cssText=r=``),r)for(t in r)n&&t in n||te(e.style,t);if(n)for(t in n)r&&n[t]==r[t]||te(e.style,t,n[t])}}else if(t[0]==`o`&&t[1]==`n`)typeof n!=`function`&&(n=null),typeof r!=`function`&&(r=null),(e.__e||={})[t]=n,n&&r||(o=l[t]||(l[t]=re(t)),(e.__a||={})[t]=c,a=t!=(t=t.replace(s,`$1`)),(t=t.slice(2))[0]<`a`&&(t=t.toLowerCase()),n?e.addEventListener(t,o,a):e.removeEventListener(t,o,a));else{if(i==`http://www.w3.org/2000/svg`)t=t.replace(/xlink(H|:h)/,`h`).replace(/sName$/,`s`);else if(t!=`width`&&t!=`height`&&t!=`href`&&t!=`list`&&t!=`form`&&t!=`tabIndex`&&t!=`download`&&t!=`rowSpan`&&t!=`colSpan`&&t!=`role`&&t!=`popover`&&t in e)try{e[t]=n??``;return}catch{}if(typeof n==`function`)return;n==null||!1===n&&t[4]!=`-`?e.removeAttribute(t):e.setAttribute(t,t==`popover`&&n==1?``:n)}}function re(t){return function(n){var r=this.__e;if(r){if(r=r[t],n[o]==null)n[o]=c++;else if(n[o]<this.__a[t])return;return r(e.event?e.event(n):n)}}}function A(t,n,r,i,a,o,s,c,l,u){var f,m,g,y,C,w,T,E,D,O,k,te,ne,re,A,oe,j,M,N=n.type;if(n.constructor!==d)return null;128&r.__u&&(l=32&r.__u,f=r.__c.__z)&&(n.__u|=l,m=o=[],f.nodeType==8?c=ie(f,o):o.push(f),c=o[0]||c),(f=e.__b)&&f(n);n:if(typeof N==`function`){g=s.length;try{if(E=n.props,D=(f=N.prototype)&&f.render,O=(f=N.contextType)&&i[f.__c],k=f?O?O.props.value:f.__:i,(y=r.__c)?(n.__c=y,2&y.__g&&(y.__g|=1)):(D?n.__c=y=new N(E,k):(n.__c=y=new x(E,k),y.constructor=N,y.render=le),O&&O.sub(y),y.state||(y.state={}),y.__n=i,y.__g|=8,y.__h=[],y.__k=[]),D&&(y.__s||(y.__s=y.state),N.getDerivedStateFromProps&&(y.__s==y.state&&(y.__s=_({},y.__s)),_(y.__s,N.getDerivedStateFromProps(E,y.__s)))),C=y.props,w=y.state,y.__v=n,r.__c){if(E!==C&&D&&!N.getDerivedStateFromProps&&y.componentWillReceiveProps&&y.componentWillReceiveProps(E,k),n.__v==r.__v&&!(8&y.__g)||!(4&y.__g)&&y.shouldComponentUpdate&&!1===y.shouldComponentUpdate(E,y.__s,k)){n.__v!=r.__v&&(y.props=E,y.state=y.__s,y.__g&=-9),n.__e=r.__e,n.__k=r.__k,n.__k.some(function(e){e&&(e.__=n)}),p.push.apply(y.__h,y.__k),y.__k=[],y.__h.length&&s.push(y),c=S(r);break n}y.componentWillUpdate&&y.componentWillUpdate(E,y.__s,k),D&&y.componentDidUpdate&&y.__h.push(function(){y.componentDidUpdate(C,w,T)})}else D&&!N.getDerivedStateFromProps&&y.componentWillMount&&y.componentWillMount(),D&&y.componentDidMount&&y.__h.push(y.componentDidMount);y.context=k,y.props=E,y.__P=t,y.__g&=-5,te=e.__r,ne=D?25:0;do y.__g&=-9,te&&te(n),f=y.render(y.props,y.state=y.__s,y.context);while(8&y.__g&&++ne<25);D&&(p.push.apply(y.__h,y.__k),y.__k=[]),y.state=y.__s,y.getChildContext&&(i=_({},i,y.getChildContext())),D&&r.__c&&y.getSnapshotBeforeUpdate&&(T=y.getSnapshotBeforeUpdate(C,w)),re=f&&f.type===b&&f.key==null?f.props.children:f,E.__P&&(f=c,a=(t=E.__P).namespaceURI,l=o=null,r.props&&r.props.__P!=t&&(r.__k.some(function(e){e&&ce(e,e)}),r.__k=null),c=r.__k?S(r,0):null),c=ee(t,h(re)?re:[re],n,r,i,a,o,s,c,l,u),E.__P&&(n.__e=null,c=f),n.__u&=-161,m&&m.some(v),y.__h.length&&s.push(y),1&y.__g&&(y.__g&=-4)}catch(t){if(s.length=g,n.__v=null,l||o){if(t&&t.then){if(n.__u|=128|l,o){for(~(j=o.indexOf(c||void 0))||(j=o.length);(M=o[j-1])&&M.nodeType==8;)j--;for(;j<o.length;j++)if(M=o[j]){if(o[j]=null,A){if(M==oe)break}else{if(M.nodeType!=8)break;M.data.startsWith(`$s`)&&(oe=ie(A=M))}}}if(!A){for(;c&&c.nodeType==8&&c.nextSibling;)c=c.nextSibling;A=c}(f=ie(A=n.__c.__z||(n.__c.__z=A)))?(n.__e=A,c=f):n.__e=c,c&&=c.nextSibling}else o&&o.some(v)}else n.__e=r.__e;n.__k||=r.__k||[],t&&t.then||ae(n),e.__e(t,n,r)}}else c=n.__e=se(r.__e,n,r,i,a,o,s,l,u,t);return(f=e.diffed)&&f(n),c}function ie(e,t){if(e&&e.nodeType==8&&e.data.startsWith(`$s`))for(var n=1;e=e.nextSibling;){if(e.nodeType==8){if(e.data.startsWith(`$s`))n++;else if(e.data.startsWith(`/$s`)&&!--n)return e}t&&t.push(e)}}function ae(e){e&&(e.__c&&(e.__c.__g|=4),e.__k&&e.__k.some(ae))}function oe(t,n,r){for(var i=0;i<r.length;)j(r[i++],r[i++],r[i++]);e.__c&&e.__c(n,t),t.some(function(n){try{t=n.__h,n.__h=[],t.some(function(e){e.call(n)})}catch(t){e.__e(t,n.__v)}})}function se(t,n,r,i,a,o,s,c,l,u){var d,p,_,y,b,x,C,w,T=r.props||f,E=n.props,D=n.type;if(D==`svg`?a=`http://www.w3.org/2000/svg`:D==`math`?a=`http://www.w3.org/1998/Math/MathML`:a||=`http://www.w3.org/1999/xhtml`,o){for(d=0;d<o.length;d++)if((b=o[d])&&(D?b.localName==D:b.nodeType==3)){t=b,o[d]=null;break}}if(!t){if(w=u.ownerDocument||document,!D)return w.createTextNode(E);t=w.createElementNS(a,D,E.is?E:u),c&&=(e.__m&&e.__m(n,o),!1),o=null}if(D){if(u=D==`template`&&t.content||t,o=D==`textarea`&&E.defaultValue!=null?null:o&&g.call(u.childNodes),!c&&o)for(T={},d=0;d<t.attributes.length;d++)T[(b=t.attributes[d]).name]=b.value;for(d in T)b=T[d],d==`dangerouslySetInnerHTML`?_=b:d==`children`||d in E||d==`value`&&`defaultValue`in E||d==`checked`&&`defaultChecked`in E||ne(t,d,null,b,a);for(d in E)b=E[d],d==`children`?y=b:d==`dangerouslySetInnerHTML`?p=b:d==`value`?x=b:d==`checked`?C=b:c&&typeof b!=`function`||T[d]===b||ne(t,d,b,T[d],a);p?(c||_&&(p.__html==_.__html||p.__html==t.innerHTML)||(t.innerHTML=p.__html),n.__k=[]):(_&&(t.textContent=``),(D==`foreignObject`||a==`http://www.w3.org/1998/Math/MathML`&&m.test(D))&&(a=`http://www.w3.org/1999/xhtml`),ee(u,h(y)?y:[y],n,r,i,a,o,s,o?o[0]:r.__k&&S(r,0),c,l),o&&o.some(v)),c&&D!=`textarea`||(d=`value`,D==`progress`&&x==null?t.removeAttribute(d):x==null||x===t[d]&&(D!=`progress`||x)||ne(t,d,x,T[d],a),d=`checked`,C!=null&&C!=t[d]&&ne(t,d,C,T[d],a))}else T===E||c&&t.data==E||(t.data=E);return t}function j(t,n,r,i){try{typeof t==`function`?n?n.__x=t(n)||1:(i&&=i.__c||i.__e)&&(n=i.__x)&&(i.__x=null,typeof n==`function`?n():t(null)):t.current=n}catch(t){e.__e(t,r)}}function ce(t,n,r){var i,a,o,s;if(e.unmount&&e.unmount(t),!(i=t.ref)||i.current&&i.current!=t.__e||j(i,null,n,t),i=t.__c){if(i.componentWillUnmount)try{i.componentWillUnmount()}catch(t){e.__e(t,n)}i.__P=i.__n=null}if(i=t.__k)for(s=0;s<i.length;s++)i[s]&&ce(i[s],n,typeof t.type!=`function`||r&&!t.props.__P);!r&&(i=t.__c)&&(i=i.__z)&&(a=ie(i,o=[]))&&(i==t.__e&&o.some(v),v(a),v(i)),r||v(t.__e),t.__e=t.__c=t.__=null}function le(e,t,n){return this.constructor(e,n)}function M(t,n){var r,i,a,o;e.__&&e.__(t,n),n.nodeType==9&&(n=n.documentElement),i=(r=t&&32&t.__u)?null:n.__k,n.__k=y(b,{children:[t]}),a=[],o=[],A(n,n.__k,i||f,f,n.namespaceURI,i?null:n.firstChild?g.call(n.childNodes):null,a,i?i.__e:n.firstChild,r,o),oe(a,n.__k,o),n.__k.props.children=null}function N(e){function t(e){var n,r;return this.getChildContext||(n=new Set,(r={})[t.__c]=this,this.getChildContext=function(){return r},this.shouldComponentUpdate=function(e){this.props.value!=e.value&&n.forEach(function(e){e.__g|=4,T(e)})},this.sub=function(e){n.add(e);var t=e.componentWillUnmount;e.componentWillUnmount=function(){n.delete(e),t&&t.call(e)}}),e.children}return t.__c=`__cC`+u++,t.__=e,t.Provider=(t.Consumer=function(e,t){return e.children(t)}).contextType=t,t}e={__e:function(e,t,n,r){for(var a,o,s;t=t.__;)if((a=t.__c)&&!(1&a.__g)){a.__g|=4;try{if((s=(o=a.constructor)&&o.getDerivedStateFromError)&&a.setState(o.getDerivedStateFromError(e)),a.componentDidCatch&&(a.componentDidCatch(e,r||{}),s=1),s&&8&a.__g)return void(a.__g|=2)}catch(t){e=t}}throw i=0,e}},t=0,x.prototype.setState=function(e,t){var n=this.__s;n&&n!=this.state||(n=this.__s=_({},this.state)),typeof e==`function`&&(e=e(_({},n),this.props)),e&&(_(n,e),this.__v&&(t&&this.__k.push(t),T(this)))},x.prototype.forceUpdate=function(e){this.__v&&(this.__g|=4,e&&this.__h.push(e),T(this))},x.prototype.render=b,n=[],i=0,a=function(e,t){return e.__v.__b-t.__v.__b},o=Symbol(),s=/(PointerCapture)$|Capture$/i,c=0,l={},u=0;var ue=class{constructor(e){this.value=e}valueOf(){return this.value}},P=class extends ue{constructor(e=`???`){super(e)}toString(e){return`{${this.value}}`}},F=class extends ue{constructor(e,t={}){super(e),this.opts=t}toString(e){if(e)try{return e.memoizeIntlObject(Intl.NumberFormat,this.opts).format(this.value)}catch(t){e.reportError(t)}return this.value.toString(10)}},de=class e extends ue{static supportsValue(t){if(typeof t==`number`||t instanceof Date)return!0;if(t instanceof ue)return e.supportsValue(t.valueOf());if(`Temporal`in globalThis){let e=globalThis.Temporal;if(t instanceof e.Instant||t instanceof e.PlainDateTime||t instanceof e.PlainDate||t instanceof e.PlainMonthDay||t instanceof e.PlainTime||t instanceof e.PlainYearMonth)return!0}return!1}constructor(t,n={}){t instanceof e?(n={...t.opts,...n},t=t.value):t instanceof ue&&(t=t.valueOf()),typeof t==`object`&&`calendarId`in t&&n.calendar===void 0&&(n={...n,calendar:t.calendarId}),super(t),this.opts=n}[Symbol.toPrimitive](e){return e===`string`?this.toString():this.toNumber()}toNumber(){let e=this.value;if(typeof e==`number`)return e;if(e instanceof Date)return e.getTime();if(`epochMilliseconds`in e)return e.epochMilliseconds;if(`toZonedDateTime`in e)return e.toZonedDateTime(`UTC`).epochMilliseconds;throw TypeError(`Unwrapping a non-number value as a number`)}toString(e){if(e)try{return e.memoizeIntlObject(Intl.DateTimeFormat,this.opts).format(this.value)}catch(t){e.reportError(t)}return typeof this.value==`number`||this.value instanceof Date?new Date(this.value).toISOString():this.value.toString()}},fe=100,pe=`⁨`,me=`⁩`;function he(e,t,n){return n===t||n instanceof F&&t instanceof F&&n.value===t.value||t instanceof F&&typeof n==`string`&&n===e.memoizeIntlObject(Intl.PluralRules,t.opts).select(t.value)}function ge(e,t,n){return t[n]?I(e,t[n].value):(e.reportError(RangeError(`No default`)),new P)}function _e(e,t){let n=[],r=Object.create(null);for(let i of t)i.type===`narg`?r[i.name]=ve(e,i.value):n.push(ve(e,i));return{positional:n,named:r}}function ve(e,t){switch(t.type){case`str`:return t.value;case`num`:return new F(t.value,{minimumFractionDigits:t.precision});case`var`:return ye(e,t);case`mesg`:return be(e,t);case`term`:return xe(e,t);case`func`:return Se(e,t);case`select`:return Ce(e,t);default:return new P}}function ye(e,{name:t}){let n;if(e.params){if(Object.prototype.hasOwnProperty.call(e.params,t))n=e.params[t];else return new P(`$${t}`)}else if(e.args&&Object.prototype.hasOwnProperty.call(e.args,t))n=e.args[t];else return e.reportError(ReferenceError(`Unknown variable: $${t}`)),new P(`$${t}`);if(n instanceof ue)return n;switch(typeof n){case`string`:return n;case`number`:return new F(n);case`object`:if(de.supportsValue(n))return new de(n);default:return e.reportError(TypeError(`Variable type not supported: $${t}, ${typeof n}`)),new P(`$${t}`)}}function be(e,{name:t,attr:n}){let r=e.bundle._messages.get(t);if(!r)return e.reportError(ReferenceError(`Unknown message: ${t}`)),new P(t);if(n){let i=r.attributes[n];return i?I(e,i):(e.reportError(ReferenceError(`Unknown attribute: ${n}`)),new P(`${t}.${n}`))}return r.value?I(e,r.value):(e.reportError(ReferenceError(`No value: ${t}`)),new P(t))}function xe(e,{name:t,attr:n,args:r}){let i=`-${t}`,a=e.bundle._terms.get(i);if(!a)return e.reportError(ReferenceError(`Unknown term: ${i}`)),new P(i);if(n){let t=a.attributes[n];if(t){e.params=_e(e,r).named;let n=I(e,t);return e.params=null,n}return e.reportError(ReferenceError(`Unknown attribute: ${n}`)),new P(`${i}.${n}`)}e.params=_e(e,r).named;let o=I(e,a.value);return e.params=null,o}function Se(e,{name:t,args:n}){let r=e.bundle._functions[t];if(!r)return e.reportError(ReferenceError(`Unknown function: ${t}()`)),new P(`${t}()`);if(typeof r!=`function`)return e.reportError(TypeError(`Function ${t}() is not callable`)),new P(`${t}()`);try{let t=_e(e,n);return r(t.positional,t.named)}catch(n){return e.reportError(n),new P(`${t}()`)}}function Ce(e,{selector:t,variants:n,star:r}){let i=ve(e,t);if(i instanceof P)return ge(e,n,r);for(let t of n)if(he(e,i,ve(e,t.key)))return I(e,t.value);return ge(e,n,r)}function we(e,t){if(e.dirty.has(t))return e.reportError(RangeError(`Cyclic reference`)),new P;e.dirty.add(t);let n=[],r=e.bundle._useIsolating&&t.length>1;for(let i of t)if(typeof i==`string`)n.push(e.bundle._transform(i));else{if(e.placeables++,e.placeables>fe)throw e.dirty.delete(t),RangeError(`Too many placeables expanded: ${e.placeables}, max allowed is ${fe}`);r&&n.push(pe),n.push(ve(e,i).toString(e)),r&&n.push(me)}return e.dirty.delete(t),n.join(``)}function I(e,t){return typeof t==`string`?e.bundle._transform(t):we(e,t)}var Te=class{constructor(e,t,n){this.dirty=new WeakSet,this.params=null,this.placeables=0,this.bundle=e,this.errors=t,this.args=n}reportError(e){if(!this.errors||!(e instanceof Error))throw e;this.errors.push(e)}memoizeIntlObject(e,t){let n=this.bundle._intls.get(e);n||(n={},this.bundle._intls.set(e,n));let r=JSON.stringify(t);return n[r]||(n[r]=new e(this.bundle.locales,t)),n[r]}};function Ee(e,t){let n=Object.create(null);for(let[r,i]of Object.entries(e))t.includes(r)&&(n[r]=i.valueOf());return n}var De=[`unitDisplay`,`currencyDisplay`,`useGrouping`,`minimumIntegerDigits`,`minimumFractionDigits`,`maximumFractionDigits`,`minimumSignificantDigits`,`maximumSignificantDigits`];function Oe(e,t){let n=e[0];if(n instanceof P)return new P(`NUMBER(${n.valueOf()})`);if(n instanceof F)return new F(n.valueOf(),{...n.opts,...Ee(t,De)});if(n instanceof de)return new F(n.toNumber(),{...Ee(t,De)});throw TypeError(`Invalid argument to NUMBER`)}var ke=[`dateStyle`,`timeStyle`,`fractionalSecondDigits`,`dayPeriod`,`hour12`,`weekday`,`era`,`year`,`month`,`day`,`hour`,`minute`,`second`,`timeZoneName`];function Ae(e,t){let n=e[0];if(n instanceof P)return new P(`DATETIME(${n.valueOf()})`);if(n instanceof de||n instanceof F)return new de(n,Ee(t,ke));throw TypeError(`Invalid argument to DATETIME`)}var je=new Map;function Me(e){let t=Array.isArray(e)?e.join(` `):e,n=je.get(t);return n===void 0&&(n=new Map,je.set(t,n)),n}var Ne=class{constructor(e,{functions:t,useIsolating:n=!0,transform:r=e=>e}={}){this._terms=new Map,this._messages=new Map,this.locales=Array.isArray(e)?e:[e],this._functions={NUMBER:Oe,DATETIME:Ae,...t},this._useIsolating=n,this._transform=r,this._intls=Me(e)}hasMessage(e){return this._messages.has(e)}getMessage(e){return this._messages.get(e)}addResource(e,{allowOverrides:t=!1}={}){let n=[];for(let r=0;r<e.body.length;r++){let i=e.body[r];if(i.id.startsWith(`-`)){if(t===!1&&this._terms.has(i.id)){n.push(Error(`Attempt to override an existing term: "${i.id}"`));continue}this._terms.set(i.id,i)}else{if(t===!1&&this._messages.has(i.id)){n.push(Error(`Attempt to override an existing message: "${i.id}"`));continue}this._messages.set(i.id,i)}}return n}formatPattern(e,t=null,n=null){if(typeof e==`string`)return this._transform(e);let r=new Te(this,n,t);try{return we(r,e).toString(r)}catch(e){if(r.errors&&e instanceof Error)return r.errors.push(e),new P().toString(r);throw e}}},Pe=/^(-?[a-zA-Z][\w-]*) *= */gm,Fe=/\.([a-zA-Z][\w-]*) *= */y,Ie=/\*?\[/y,Le=/(-?[0-9]+(?:\.([0-9]+))?)/y,Re=/([a-zA-Z][\w-]*)/y,ze=/([$-])?([a-zA-Z][\w-]*)(?:\.([a-zA-Z][\w-]*))?/y,Be=/^[A-Z][A-Z0-9_-]*$/,Ve=/([^{}\n\r]+)/y,He=/([^\\"\n\r]*)/y,Ue=/\\([\\"])/y,We=/\\u([a-fA-F0-9]{4})|\\U([a-fA-F0-9]{6})/y,Ge=/^\n+/,Ke=/ +$/,qe=/ *\r?\n/g,Je=/( *)$/,Ye=/{\s*/y,Xe=/\s*}/y,Ze=/\[\s*/y,Qe=/\s*] */y,$e=/\s*\(\s*/y,et=/\s*->\s*/y,tt=/\s*:\s*/y,nt=/\s*,?\s*/y,rt=/\s+/y,it=class{constructor(e){this.body=[],Pe.lastIndex=0;let t=0;for(;;){let n=Pe.exec(e);if(n===null)break;t=Pe.lastIndex;try{this.body.push(s(n[1]))}catch(e){if(e instanceof SyntaxError)continue;throw e}}function n(n){return n.lastIndex=t,n.test(e)}function r(n,r){if(e[t]===n)return t++,!0;if(r)throw new r(`Expected ${n}`);return!1}function i(e,r){if(n(e))return t=e.lastIndex,!0;if(r)throw new r(`Expected ${e.toString()}`);return!1}function a(n){n.lastIndex=t;let r=n.exec(e);if(r===null)throw SyntaxError(`Expected ${n.toString()}`);return t=n.lastIndex,r}function o(e){return a(e)[1]}function s(e){let t=l(),n=c();if(t===null&&Object.keys(n).length===0)throw SyntaxError(`Expected message value or attributes`);return{id:e,value:t,attributes:n}}function c(){let e=Object.create(null);for(;n(Fe);){let t=o(Fe),n=l();if(n===null)throw SyntaxError(`Expected attribute value`);e[t]=n}return e}function l(){let r;if(n(Ve)&&(r=o(Ve)),e[t]===`{`||e[t]===`}`)return u(r?[r]:[],1/0);let i=x();return i?r?u([r,i],i.length):(i.value=S(i.value,Ge),u([i],i.length)):r?S(r,Ke):null}function u(r=[],i){for(;;){if(n(Ve)){r.push(o(Ve));continue}if(e[t]===`{`){r.push(d());continue}if(e[t]===`}`)throw SyntaxError(`Unbalanced closing brace`);let a=x();if(a)r.push(a),i=Math.min(i,a.length);else break}let a=r.length-1,s=r[a];typeof s==`string`&&(r[a]=S(s,Ke));let c=[];for(let e of r)e instanceof at&&(e=e.value.slice(0,e.value.length-i)),e&&c.push(e);return c}function d(){i(Ye,SyntaxError);let e=f();if(i(Xe))return e;if(i(et)){let t=h();return i(Xe,SyntaxError),{type:`select`,selector:e,...t}}throw SyntaxError(`Unclosed placeable`)}function f(){if(e[t]===`{`)return d();if(n(ze)){let[,e,t,n=null]=a(ze);if(e===`$`)return{type:`var`,name:t};if(i($e)){let r=p();if(e===`-`)return{type:`term`,name:t,attr:n,args:r};if(Be.test(t))return{type:`func`,name:t,args:r};throw SyntaxError(`Function names must be all upper-case`)}return e===`-`?{type:`term`,name:t,attr:n,args:[]}:{type:`mesg`,name:t,attr:n}}return _()}function p(){let n=[];for(;;){switch(e[t]){case`)`:return t++,n;case void 0:throw SyntaxError(`Unclosed argument list`)}n.push(m()),i(nt)}}function m(){let e=f();return e.type===`mesg`&&i(tt)?{type:`narg`,name:e.name,value:_()}:e}function h(){let e=[],t=0,i;for(;n(Ie);){r(`*`)&&(i=t);let n=g(),a=l();if(a===null)throw SyntaxError(`Expected variant value`);e[t++]={key:n,value:a}}if(t===0)return null;if(i===void 0)throw SyntaxError(`Expected default variant`);return{variants:e,star:i}}function g(){i(Ze,SyntaxError);let e;return e=n(Le)?v():{type:`str`,value:o(Re)},i(Qe,SyntaxError),e}function _(){if(n(Le))return v();if(e[t]===`"`)return y();throw SyntaxError(`Invalid expression`)}function v(){let[,e,t=``]=a(Le),n=t.length;return{type:`num`,value:parseFloat(e),precision:n}}function y(){r(`"`,SyntaxError);let n=``;for(;;)if(n+=o(He),e[t]===`\\`)n+=b();else{if(r(`"`))return{type:`str`,value:n};throw SyntaxError(`Unclosed string literal`)}}function b(){if(n(Ue))return o(Ue);if(n(We)){let[,e,t]=a(We),n=parseInt(e||t,16);return n<=55295||57344<=n?String.fromCodePoint(n):`�`}throw SyntaxError(`Unknown escape sequence`)}function x(){let n=t;switch(i(rt),e[t]){case`.`:case`[`:case`*`:case`}`:case void 0:return!1;case`{`:return C(e.slice(n,t))}return e[t-1]===` `&&C(e.slice(n,t))}function S(e,t){return e.replace(t,``)}function C(e){let t=e.replace(qe,`
`),n=Je.exec(e)[1].length;return new at(t,n)}}},at=class{constructor(e,t){this.value=e,this.length=t}},L,R,ot,st,ct=Object.is,lt=0,ut=[],dt=[],z=e,ft=z.__b,pt=z.__r,mt=z.diffed,ht=z.__c,gt=z.unmount,_t=z.__;function vt(e,t){z.__h&&z.__h(R,e,lt||t),lt=0;var n=R.__H||(R.__H={__:[],__h:[]});return e>=n.__.length&&n.__.push({}),n.__[e]}function B(e){return lt=1,yt(At,e)}function yt(e,t,n){var r=vt(L++,2);if(r.t=e,!r.__c&&(r.__=[n?n(t):At(void 0,t),function(e){var t=(r.__N||r.__)[0],n=r.t(t,e);ct(t,n)||(r.__N=[n,r.__[1]],r.__c.setState({}))}],r.__c=R,!R.__f)){R.__f=!0;var i=R.shouldComponentUpdate;R.shouldComponentUpdate=function(e,t,n){var r=this.__H;if(!r)return!0;var a=!1,o=this.props!=e;if(r.__.some(function(e){e.__N&&(a=!0,ct(e.__[0],e.__N[0])||(o=!0))}),i){var s=i.call(this,e,t,n);return a?s||o:s}return!a||o}}return r.__}function V(e,t){var n=vt(L++,3);!z.__s&&kt(n.__H,t)&&(n.__P=!0,n.__=e,n.u=t,R.__H.__h.push(n))}function H(e){return lt=5,bt(function(){return{current:e}},[])}function bt(e,t){var n=vt(L++,7);return kt(n.__H,t)&&(n.__=e(),n.__H=t),n.__}function xt(e,t){return lt=8,bt(function(){return e},t)}function St(e){var t=R.context[e.__c],n=vt(L++,9);return n.c=e,t?(n.__??(n.__=!0,t.sub(R)),t.props.value):e.__}function Ct(){var e;do{for(;e=dt.shift();)try{Dt(e)}catch(t){z.__e(t,{__:(e=e.__P)&&e.__v})}for(;e=ut.shift();){var t=e.__H;if(e.__P&&t)try{t.__h.some(Dt),t.__h.some(Ot),t.__h=[]}catch(n){t.__h=[],z.__e(n,e.__v)}}}while(dt.length)}z.__b=function(e){R=null,ft&&ft(e)},z.__=function(e,t){e&&t.__k&&t.__k.__m&&(e.__m=t.__k.__m),_t&&_t(e,t)},z.__r=function(e){pt&&pt(e),L=0;var t=(R=e.__c).__H;t&&(ot==R?R.__h=[]:(t.__h.some(Dt),t.__h.some(Ot),L=0),t.__h=[],t.__.some(function(e){e.__N&&(e.__=e.__N),e.u=e.__N=void 0})),ot=R},z.diffed=function(e){mt&&mt(e);var t=e.__c;t&&t.__H&&(t.__H.__h.length&&Et(ut.push(t)),t.__H.__.some(function(e){e.u&&(e.__H=e.u)})),ot=R=null},z.__c=function(e,t){t.some(function(e){try{e.__h.some(Dt),e.__h=e.__h.filter(function(e){return!e.__||Ot(e)})}catch(t){e.__h=[function(){throw t}]}}),ht&&ht(e,t)},z.unmount=function(e){gt&&gt(e);var t,n,r=e.__c;r&&r.__H&&(r.__H.__.some(function(r){try{if(r.__P&&r.__c){if(n===void 0){for(n=e.__;n&&(!n.__c||!n.__c.__P);)n=n.__;n&&=n.__c}r.__P=n,Et(dt.push(r))}else Dt(r)}catch(e){t=e}}),r.__H=void 0,t&&z.__e(t,r.__v))};var wt=typeof requestAnimationFrame==`function`;function Tt(e){var t,n=function(){clearTimeout(r),wt&&cancelAnimationFrame(t),setTimeout(e)},r=setTimeout(n,35);wt&&(t=requestAnimationFrame(n))}function Et(e){e!=1&&st==z.requestAnimationFrame||((st=z.requestAnimationFrame)||Tt)(Ct)}function Dt(e){var t=R,n=e.__c;typeof n==`function`&&(e.__c=void 0,n()),R=t}function Ot(e){var t=R;e.__c=e.__(),R=t}function kt(e,t){return!e||e.length!=t.length||t.some(function(t,n){return!ct(t,e[n])})}function At(e,t){return typeof t==`function`?t(e):t}var jt=[[`en`,`English`],[`zh`,`中文`]],Mt=new Map;function Nt(e,...t){Mt.set(e,t)}function Pt(e){let t=[...new Set([e,`en`])].map(e=>{let t=new Ne(e===`zh`?`zh-Hans`:e);for(let n of Mt.get(e)??[])t.addResource(new it(n));return t}),n=e=>{for(let n of t){let t=n.getMessage(e)?.value;if(t!=null)return[n,t]}};return{language:e,has:e=>n(e)!==void 0,t:(e,t={})=>{let r=n(e);return r===void 0?e:r[0].formatPattern(r[1],t,[])}}}function Ft(){let e=e=>jt.some(([t])=>t===e),t=localStorage.getItem(`language`);return t!==null&&e(t)?t:navigator.languages.map(e=>e.slice(0,2).toLowerCase()).find(e)??`en`}var It=N({language:`en`,t:e=>e,has:()=>!1});function U(){return St(It)}function Lt({t:e,has:t},n){let r=`fault-${n.code}`,i=Object.fromEntries(Object.entries(n.params??{}).map(([e,t])=>[e,/^[0-9]{1,9}$/.test(t)?Number(t):W(t)]));return e(t(r)?r:`fault-other`,i)}var Rt=200;function W(e){let t=[...zt(e)];return t.length>Rt?`${t.slice(0,Rt).join(``)}…`:t.join(``)}function zt(e){return e.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,e=>`[U+${(e.codePointAt(0)??0).toString(16).toUpperCase().padStart(4,`0`)}]`)}var Bt=`# Every page of the browser
title = { $title } – Vitrine
title-error = Error: { $title } – Vitrine
skip = Skip to the main part
languages = Language
look = Colours and text size
theme = Colours
theme-auto = As this device
theme-light = Light
theme-dark = Dark
theme-contrast = High contrast
size = Text size
size-s = Small
size-m = Normal
size-l = Large
size-xl = Very large
help = Help
whole-name = Show the whole name
problem = There is a problem
details = Details
reading = Reading the public record …
again = Try again
back = Back
go-on = Go on
copied = Copied.
not-copied = This browser did not allow copying.
fingerprint = Fingerprint of the election
no-election = Which election?
no-election-why = Open this page with the link in your letter, or type the election's fingerprint from the letter here.
fault-other = Something went wrong. See the details.
fault-stopped = The part of this page that does the work could not start or has stopped. Load the page again. If it happens again, the page may have been changed on its way: use another browser or another copy.
fault-cancelled = Stopped.
fault-no-fingerprint = Type the 64 letters and digits of the fingerprint.
`,Vt=`next = Next
finish = Finish
stop = Stop without voting

# Help
help-who = Lost your code, or have a question? Ask the people who sent you the letter with your code. This page cannot see or replace codes.
how = How this works
how-seal = This page reads the whole public record of the election, checks it, and locks your ballot inside your own device. Nobody, not even the server, sees what you chose. Only all ballots together are ever counted.
how-check = You may test that this device locks what you chose: let it open a ballot instead of casting it, and look at it with another device. A device cannot know beforehand which ballot you will test.
how-device = A device with bad software on it can still see what you choose. Vote with a device that you trust. Everything here can also be done with the program itself:

# Start
opening = Opening the election
phase = State
phase-setup = In preparation. Voting has not begun.
phase-voting = Voting is open.
phase-closed = Voting is over.
phase-failed = This election was ended without a result.
opens = Voting begins
closes = Voting ends
before = { $number ->
    [one] Have the letter with your code at hand. Voting takes a few minutes, and nothing counts until you press “Cast my ballot” at the end.
   *[other] Have your { $number } letters with codes at hand. Voting takes a few minutes, and nothing counts until you press “Cast my ballot” at the end.
}
start = Start voting
also = You can also
find = Find my ballot
voted = Did my code vote?
kept-receipt = Check a receipt that I saved
examine = Check a ballot of another device
read-again = Read the record again
fingerprint-why = It must be the same as in your letter. If it is not, do not vote here.
log = Public record
log-read = { $entries ->
    [one] One entry was read and checked by this device.
   *[other] { $entries } entries were read and checked by this device.
}
pages = Which page this election wants
pages-why = The election names its voting page by this number. A false page could show it too, so a look here proves nothing; others can compare what this server gives out with it.
pages-here = Ballots are taken by the server of this page.
pages-boards = Ballots are taken at:
witnessed-not-required = This election asks for no independent witnesses.
witnessed-not-judged = Witnesses were not looked at.
witnessed-awaiting = { $number ->
    [0] No witness has confirmed the newest state yet.
    [one] One witness has confirmed the newest state, which is not yet enough.
   *[other] { $number } witnesses have confirmed the newest state, which is not yet enough.
}
witnessed-quorum = { $number ->
    [one] One independent witness has confirmed this state.
   *[other] { $number } independent witnesses have confirmed this state.
}
held = A ballot of yours was signed on this device, and it is not known whether it arrived. Sending it again is safe: it can be counted only once.

# Codes
your-code = Your code
code = Code
code-of = Code { $number } of
code-where = The code is in your letter. It is used only inside this page and sent to nobody.
code-hint = Capitals and spaces do not matter. You can also paste the whole line from the letter.
scan-letter = Scan the code instead of typing it
scan-letter-why = The letter has a square picture (QR code) next to the code. Pictures stay on this device.
scanned = The letter was read.
camera = Use the camera
camera-off = Stop the camera
camera-picture = Picture of the camera
picture = Or choose a picture
no-camera = The camera cannot be used. Choose a picture instead.
no-qr = No QR code was found in this picture.

# Contests
contest-of = Contest { $number } of { $total }
unit = Your ballot is that of
weight = Your vote counts { $weight } times.
revote = { $number ->
    [one] A ballot was cast with this code before. If you cast another, only the last one counts.
   *[other] { $number } ballots were cast with this code before. If you cast another, only the last one counts.
}
rule-choose-one = Choose one.
rule-choose = { $minimum ->
    [0] Choose up to { $maximum }.
   *[other] Choose at least { $minimum } and at most { $maximum }.
}
rule-choose-exactly = Choose exactly { $maximum }.
rule-score = Give each a score from 0 to { $top }.
rule-cumulative = Share out up to { $points } points, at most { $most } to one.
rule-cumulative-exactly = Share out exactly { $points } points, at most { $most } to one.
rule-budget = Share out up to { $pot } { $currency }, in steps of { $step }.
rule-positional = Put at least { $minimum } and at most { $maximum } in order: 1 is the best place. The places are worth { $points } points.
rule-pairwise = Put as many as you like in order: 1 is the best place. All that you leave out come after them.
rule-pairwise-complete = Put all in order: 1 is the best place.
rule-question = Choose one. For the proposal to pass, it needs at least { $numerator } of { $denominator } parts of the votes.
rule-lists = Choose at least { $minimum } and at most { $maximum } in all.
rule-lists-whole = Choose one whole list, or at least { $minimum } and at most { $maximum } persons.
rule-linked = Answer the questions. Some are asked only after a certain answer.
rule-blank = You may also leave it blank.
leave-blank = Leave this contest blank
chosen = { $chosen } of at most { $maximum } chosen
too-many = { $chosen } chosen, { $over } too many: at most { $maximum }. Take away { $over }.
chosen-in-all = { $chosen } of at most { $maximum } chosen in all
list-limit = At most { $limit } on this list
points-left = { $total } of { $points } points given, { $rest } left
points-over = { $total } points given, { $rest } too many: only { $points } may be given
money-left = { $total } of { $pot } { $currency } given, { $rest } left
money-over = { $total } { $currency } given, { $rest } too many: there are only { $pot }
no-place = No place
move-up = Move { $name } up
move-down = Move { $name } down
place-is = { $name } is now in place { $place }.
place-none = { $name } has no place now.
places-full = All places are taken. Take away one first.
ranked = { $chosen } of { $maximum } places taken
how-to-choose = How do you want to choose?
one-by-one = Persons one by one
whole-list = The whole list:
list-wins = As long as a whole list is chosen, the persons ticked below do not count.
asked-because = Asked because you chose “{ $name }”.
no-answer = No answer
to-review = Back to the overview

# Review
review = Look over your ballot
review-why = Please check each answer. You can change everything.
change = Change
left-blank = Left blank
nothing-chosen = Nothing chosen
points = { $amount ->
    [one] 1 point
   *[other] { $amount } points
}
money = { $amount } { $currency }
warn-blank = You leave this contest blank. That is allowed.
warn-nothing = You chose nothing here. That is allowed.
warn-fewer = You chose { $chosen } of { $maximum } possible. That is allowed.
warn-points = { $rest } points are not given. That is allowed.
warn-money = { $rest } { $currency } are not given. That is allowed.
seal = Seal my ballot
sealing = Sealing …

# Sealed
sealed = Your ballot is sealed
not-cast = Your ballot is NOT cast yet.
tracker = Your tracker
tracker-why = With it you find your ballot in the public record later. It does not show what you chose. Write it down, or copy it.
cast = Cast my ballot
copy-tracker = Copy the tracker
or = Or test this device first
check-this = Check this ballot instead of casting it
check-why = This device shows what is inside the sealed ballot, and another device checks that it is what you chose. The opened ballot is thrown away and never counted; you then seal a new one.
check-how = You need a second device, for example the phone of somebody you trust, and about two minutes. Write down the tracker first.
open-ballot = Open this ballot for a check
change-answers = Change my answers

# Opened
opened = Check this ballot with another device
opened-not-cast = This ballot is opened. It is NOT cast, and it will never count.
opened-secret = Whoever checks it sees what is in it. For a test you may choose anything.
opened-link = On the second device, open this address:
qr-link = QR code of the address
opened-tracker = Type this tracker there:
opened-give = Let it scan this picture, or give it this file:
opened-file-only = Give it this file (this ballot is too large for a QR code):
qr-opening = QR code of the opened ballot
save-opening = Save the opened ballot
opened-compare = Compare what it shows with what you chose.
vote-now = Back to my ballot, to seal it anew

# Casting
sending = Casting your ballot
sending-wait = Your ballot is being sent. Please wait …
unknown = Not known whether your ballot arrived
unknown-state = It is NOT known whether your ballot is recorded.
unknown-kept = Your sealed ballot is kept on this device. Send it again, now or later: come back to this page with the same browser. It can be counted only once.
unknown-not-kept = This browser could not keep your sealed ballot. Leave this page open until it was sent. It can be counted only once.
send-again = Send it again
displaced = Another ballot of yours came first
displaced-state = This ballot is NOT recorded: another ballot with your code was recorded in the meantime.
displaced-why = It is entry { $entry } of the record. If that was not you, tell the people who sent you the letter. If you want this one to count, vote again.
refused = The board does not take this ballot
refused-why = Nothing was recorded. If the reason is wrong, save a picture of this page and show it to the election authority and the observers.
lie = The board broke its promise
lie-state = What the board answered cannot be true. Your ballot may not be recorded.
lie-why = Save its answer: it may prove to everybody that the board is wrong. Give it to the observers or the election authority. Your sealed ballot is still kept on this device.
save-evidence = Save the answer
recorded = Your ballot is cast
recorded-state = Your ballot is CAST and recorded.
recorded-entry = Entry { $entry } of the public record.
receipt-what = The receipt proves that this ballot is in the record. If it were ever missing there, you could show that.
receipt-not = The receipt and the tracker do not show what you chose. This page now forgets your ballot and your code; only what you saved remains.
receipt-awaiting = The witnesses have not confirmed this entry yet. Come back later with “Find my ballot” for the final receipt.
save-receipt = Save the receipt
print = Print
qr-tracker = QR code of the tracker

# Looking up
find-why = Your device reads the whole record and searches it itself. Nobody learns which ballot you look for.
tracker-hint = All of it, or at least its first 8 characters. Capitals and spaces do not matter.
search = Search
find-none = No ballot with this tracker is in the record.
voted-none = No ballot with this code is in the record.
found = { $number ->
    [0] Nothing found
    [one] One ballot found
   *[other] { $number } ballots found
}
fate-counts = This ballot counts.
fate-superseded = This ballot was replaced by a later one, entry { $later }. Only the last one counts.
fate-overridden = This ballot does not count: the registrars cancelled it.
fate-audited = This ballot was opened for a test. It does not count.
reason = Reason:
make-receipt = Make a receipt
kept-why = A receipt is checked on this device, against this election.
receipt-file = File of the receipt
receipt-good = The receipt is good.

# The second device
examine-why = Somebody sealed a ballot on another device and opened it for a test. This device finds out what is really in it.
examine-election = The election
shown-tracker = Tracker that the other device showed
shown-hint = Type it as it was shown BEFORE the ballot was opened. At least 8 characters.
opening-how = The opened ballot
opening-file = Or choose its file
opening-text = Or paste its text
opening-taken = The opened ballot is here.
examine-now = Check it
examined = What the ballot holds
examined-state = The ballot is sealed correctly and has the tracker that was shown.
examined-compare = Compare: is this what was chosen on the other device? If not, that device cheats.
examined-after = This ballot never counts. To vote, seal a new one on the other device.
another = Check another ballot
cheated = The other device did not do what it showed
cheated-do = Do not vote with that device. Keep the file of the opened ballot and tell the election authority and the observers.

# Faults
fault-no-randomness = This device gives no good random numbers, so nothing was sealed. Use another device.
fault-bad-request = The page and its working part do not fit together. Load the page again.
fault-code-missing = Type code { $number }.
fault-code-length = A code has 24 characters; this one has { $found }. Compare it with the letter.
fault-code-character = Character { $position } of the code never occurs in codes. Compare it with the letter.
fault-code-check = The code has a typing error. Compare it with the letter.
fault-code-number = This election needs { $expected } codes; { $found } were given.
fault-code-no-key = With these codes no key can be made. Compare them with the letters.
fault-code-unknown = These codes are not on the roll of this election. Compare them with the letters. If they are right, ask the people who sent you the letters.
fault-code-replaced = This code was replaced by a new one. Use your newest letter.
fault-code-overridden = The vote of this code was cancelled by the registrars (entry { $entry }): { $reason }
fault-letter-form = This is not the line of a letter. Copy all of it.
fault-letter-other-election = This letter is for another election.
fault-letter-order = Letter { $number } is from registrar { $registrar }. Put it in that place.
fault-letter-registrar = Letter { $number } names registrar { $registrar }, which this election does not have.
fault-other-election = The board shows another election than the link names. Do not vote here.
fault-not-yet-open = Voting has not begun.
fault-voting-over = Voting is over.
fault-election-failed = This election was ended without a result.
fault-not-decryptable = The people who count are not ready, so no ballot can be sealed now.
fault-has-voted = A ballot was cast with this code already. In this election the first one counts.
fault-no-more-ballots = No more ballots can be cast with this code.
fault-selection-contest = This contest is not on your ballot.
fault-selection-number = { $minimum ->
    [0] At most { $maximum } may be chosen.
   *[other] { $maximum ->
        [1] Choose one.
       *[other] Choose at least { $minimum } and at most { $maximum }.
    }
}
fault-selection-places = Put at least { $minimum } and at most { $maximum } in order.
fault-selection-most = At most { $most } may be given to one.
fault-selection-step = Amounts go in steps of { $step }.
fault-selection-total = At most { $total } may be given in all.
fault-selection-exactly = Exactly { $total } must be given in all.
fault-selection-list = At most { $limit } may be chosen on the list { $list }.
fault-selection-question = { $minimum ->
    [0] “{ $question }”: at most { $maximum } may be chosen.
   *[other] { $maximum ->
        [1] “{ $question }”: choose one.
       *[other] “{ $question }”: choose at least { $minimum } and at most { $maximum }.
    }
}
fault-selection-not-asked = “{ $question }” is only asked after the answer “{ $condition }”.
fault-selection-form = This choice is not possible here.
fault-selection-missing = A contest is not filled in yet.
fault-not-a-number = Write a whole number for { $name }.
fault-places-broken = Each place may be given only once, and no place may be left out.
fault-not-sealed = The ballot could not be sealed. Try again.
fault-nothing-sealed = No ballot is sealed. Seal it again.
fault-not-begun = Type your codes first.
fault-not-read = The record was not read yet.
fault-tracker-character = Character { $position } never occurs in trackers.
fault-tracker-length = This is not the length of a tracker. Type all of it, or at least its first 8 characters.
fault-tracker-too-short = Type more of the tracker.
fault-opening-missing = Scan, choose or paste the opened ballot first.
fault-opening-form = This is not an opened ballot.
fault-opening-other-election = This opened ballot is of another election.
fault-opening-unknown = This opened ballot is of nobody on the roll.
fault-device-tracker = The opened ballot has another tracker ({ $tracker }) than the other device showed.
fault-device-ballot = The opened ballot is not a ballot of this voter.
fault-device-opening = What was opened is not what was sealed (contest { $contest }).
fault-device-proof = The sealed ballot is not valid (contest { $contest }).
fault-device-selection = The sealed ballot holds something that cannot be chosen (contest { $contest }).
fault-receipt-bad = This receipt is not good for this election.
fault-receipt-none = The record shows no such ballot yet. Try again in a minute.
fault-record-invalid = The record that the board gave breaks the rules of the election. Do not vote here; tell the observers.
fault-record-missing = The board does not give all of its record.
fault-record-too-large = The record is too large for a browser. Use the program.
fault-other-history = The board shows another past than before. Do not vote here; tell the observers and keep this page open.
fault-checkpoint-bad = The board's signature on its record is wrong. Do not vote here; tell the observers.
fault-unwitnessed = Too few witnesses have confirmed the board's record.
fault-board-refuses = The board does not take it.
fault-board-silent = The board cannot be reached. Check your connection and try again.
fault-board-status = The server gives no proper answer ({ $status }). Try again later.
fault-board-answer = The server gives no proper answer. Try again later.
fault-board-slow = The board is too slow. Try again later.
fault-board-address = This page does not know where the board is. Use the link in your letter.
fault-promise-broken = The board did not promise what it must.
`,Ht=`# 浏览器中的每个页面
title = { $title } – Vitrine
title-error = 错误：{ $title } – Vitrine
skip = 跳到主要内容
languages = 语言
look = 颜色和字号
theme = 颜色
theme-auto = 跟随设备
theme-light = 浅色
theme-dark = 深色
theme-contrast = 高对比度
size = 字号
size-s = 小
size-m = 正常
size-l = 大
size-xl = 特大
help = 帮助
whole-name = 显示完整名称
problem = 出现问题
details = 详细信息
reading = 正在读取公开记录……
again = 重试
back = 返回
go-on = 继续
copied = 已复制。
not-copied = 此浏览器不允许复制。
fingerprint = 选举指纹
no-election = 哪一场选举？
no-election-why = 请用信中的链接打开本页面，或在此输入信中的选举指纹。
fault-other = 出了问题。请看详细信息。
fault-stopped = 本页面的工作部分无法启动或已停止。请重新载入页面。如果再次发生，页面可能在途中被改动：请使用其他浏览器或其他副本。
fault-cancelled = 已停止。
fault-no-fingerprint = 请输入指纹的 64 个字母和数字。
`,Ut=`next = 下一步
finish = 完成
stop = 不投票，退出

# 帮助
help-who = 丢失了选举码，或有疑问？请联系给您寄信的人。本页面无法查看或补发选举码。
how = 工作原理
how-seal = 本页面读取并核对选举的全部公开记录，然后在您自己的设备里把选票封好。任何人（包括服务器）都看不到您选了什么。计票时只会合并统计所有选票。
how-check = 您可以检验这台设备封存的是否就是您所选的：让它拆开一张选票而不是投出，再用另一台设备查看。设备事先不知道您会检验哪一张。
how-device = 如果设备上有恶意软件，它仍能看到您的选择。请使用您信任的设备。这里的一切也可以用程序完成：

# 开始
opening = 正在打开选举
phase = 状态
phase-setup = 正在准备，投票尚未开始。
phase-voting = 投票正在进行。
phase-closed = 投票已经结束。
phase-failed = 这场选举已终止，没有结果。
opens = 投票开始
closes = 投票结束
before = { $number ->
   *[other] 请准备好 { $number } 封带有选举码的信。投票只需几分钟；在最后按下“投出我的选票”之前，一切都不算数。
}
start = 开始投票
also = 您还可以
find = 查找我的选票
voted = 我的选举码投过票吗？
kept-receipt = 核对我保存的回执
examine = 核对另一台设备的选票
read-again = 重新读取记录
fingerprint-why = 它必须与您信中的一致。如果不一致，请不要在这里投票。
log = 公开记录
log-read = 本设备已读取并核对 { $entries } 条记录。
pages = 本次选举指定的投票页面
pages-why = 选举用这个数字指定投票页面。虚假的页面也能显示它，所以在这里看到它并不能证明什么；其他人可以用它核对这台服务器给出的页面。
pages-here = 选票由提供本页面的服务器接收。
pages-boards = 选票由以下地址接收：
witnessed-not-required = 这场选举不要求独立见证人。
witnessed-not-judged = 未查看见证人。
witnessed-awaiting = 已有 { $number } 位见证人确认最新状态，人数尚不足。
witnessed-quorum = 已有 { $number } 位独立见证人确认此状态。
held = 您有一张选票已在本设备上签好，但不知道是否送达。再次发送是安全的：它只会计一次。

# 选举码
your-code = 您的选举码
code = 选举码
code-of = 选举码 { $number }，来自
code-where = 选举码在您的信里。它只在本页面内使用，不会发给任何人。
code-hint = 不区分大小写，空格可有可无。也可以粘贴信中的整行文字。
scan-letter = 扫描而不是输入
scan-letter-why = 信中选举码旁边有一个方形图案（二维码）。图像只留在本设备上。
scanned = 已读取信件。
camera = 使用摄像头
camera-off = 关闭摄像头
camera-picture = 摄像头画面
picture = 或选择一张图片
no-camera = 无法使用摄像头。请改为选择图片。
no-qr = 这张图片中没有找到二维码。

# 各项选举
contest-of = 第 { $number } 项，共 { $total } 项
unit = 您的选票属于
weight = 您的一票按 { $weight } 票计算。
revote = 此选举码之前已投出 { $number } 张选票。如果再投一张，只有最后一张计票。
rule-choose-one = 请选一项。
rule-choose = { $minimum ->
    [0] 最多可选 { $maximum } 项。
   *[other] 请至少选 { $minimum } 项，至多选 { $maximum } 项。
}
rule-choose-exactly = 请正好选 { $maximum } 项。
rule-score = 请给每一项打 0 到 { $top } 分。
rule-cumulative = 最多分配 { $points } 分，每项至多 { $most } 分。
rule-cumulative-exactly = 请正好分配 { $points } 分，每项至多 { $most } 分。
rule-budget = 最多分配 { $pot } { $currency }，以 { $step } 为一档。
rule-positional = 请排出至少 { $minimum } 个、至多 { $maximum } 个名次：1 为最佳。各名次的分值为 { $points }。
rule-pairwise = 请任意排出若干名次：1 为最佳。未排的都在其后。
rule-pairwise-complete = 请排出全部名次：1 为最佳。
rule-question = 请选一项。提案至少需要 { $denominator } 分之 { $numerator } 的选票才能通过。
rule-lists = 总共至少选 { $minimum } 人，至多选 { $maximum } 人。
rule-lists-whole = 请选择一份完整名单，或至少 { $minimum } 人、至多 { $maximum } 人。
rule-linked = 请回答问题。有些问题只在给出某个答案后才会出现。
rule-blank = 也可以留空。
leave-blank = 此项留空
chosen = 已选 { $chosen } 项，最多 { $maximum } 项
too-many = 已选 { $chosen } 项，多了 { $over } 项：最多 { $maximum } 项。请去掉 { $over } 项。
chosen-in-all = 总共已选 { $chosen } 人，最多 { $maximum } 人
list-limit = 此名单上最多 { $limit } 人
points-left = 已分配 { $total } 分，共 { $points } 分，还剩 { $rest } 分
points-over = 已分配 { $total } 分，多了 { $rest } 分：只能分配 { $points } 分
money-left = 已分配 { $total } { $currency }，共 { $pot }，还剩 { $rest }
money-over = 已分配 { $total } { $currency }，多了 { $rest }：总共只有 { $pot }
no-place = 无名次
move-up = 将 { $name } 上移
move-down = 将 { $name } 下移
place-is = { $name } 现在排第 { $place }。
place-none = { $name } 现在没有名次。
places-full = 名次已满。请先去掉一个。
ranked = 已排 { $chosen } 个名次，共 { $maximum } 个
how-to-choose = 您想怎样选择？
one-by-one = 逐人选择
whole-list = 完整名单：
list-wins = 选择完整名单期间，下面勾选的人不计入。
asked-because = 因为您选择了“{ $name }”，所以提出此问题。
no-answer = 不回答
to-review = 返回总览

# 总览
review = 请检查您的选票
review-why = 请核对每一项答案。一切都可以修改。
change = 修改
left-blank = 留空
nothing-chosen = 未选择
points = { $amount } 分
money = { $amount } { $currency }
warn-blank = 您将此项留空。这是允许的。
warn-nothing = 您在此项没有选择。这是允许的。
warn-fewer = 您选了 { $chosen } 项，最多可选 { $maximum } 项。这是允许的。
warn-points = 还有 { $rest } 分未分配。这是允许的。
warn-money = 还有 { $rest } { $currency } 未分配。这是允许的。
seal = 封存我的选票
sealing = 正在封存……

# 已封存
sealed = 您的选票已封存
not-cast = 您的选票尚未投出。
tracker = 您的追踪码
tracker-why = 以后可以用它在公开记录中找到您的选票。它不会显示您的选择。请抄下或复制。
cast = 投出我的选票
copy-tracker = 复制追踪码
or = 或先检验这台设备
check-this = 核对这张选票，而不投出
check-why = 本设备会展示封存选票里的内容，由另一台设备核对是否就是您所选的。拆开的选票会作废，永不计票；之后您再封存一张新的。
check-how = 您需要第二台设备，例如您信任的人的手机，大约两分钟。请先抄下追踪码。
open-ballot = 拆开这张选票进行核对
change-answers = 修改我的答案

# 已拆开
opened = 用另一台设备核对这张选票
opened-not-cast = 这张选票已拆开。它没有投出，也永远不会计票。
opened-secret = 核对的人会看到其中内容。检验时您可以随意选择。
opened-link = 在第二台设备上打开此地址：
qr-link = 地址的二维码
opened-tracker = 在那里输入此追踪码：
opened-give = 让它扫描此图案，或交给它此文件：
opened-file-only = 交给它此文件（这张选票太大，无法做成二维码）：
qr-opening = 已拆开选票的二维码
save-opening = 保存拆开的选票
opened-compare = 比较它显示的内容与您的选择。
vote-now = 返回我的选票，重新封存

# 投出
sending = 正在投出您的选票
sending-wait = 正在发送您的选票，请稍候……
unknown = 不知道您的选票是否送达
unknown-state = 不知道您的选票是否已被记录。
unknown-kept = 封存的选票已保存在本设备上。请现在或稍后再次发送：用同一浏览器回到本页面即可。它只会计一次。
unknown-not-kept = 此浏览器无法保存封存的选票。发送成功之前请不要关闭本页面。它只会计一次。
send-again = 再次发送
displaced = 您的另一张选票先到
displaced-state = 这张选票没有被记录：期间已有用您的选举码投出的另一张选票被记录。
displaced-why = 那是记录中的第 { $entry } 条。如果不是您本人所投，请告知给您寄信的人。如果希望这一张计票，请再次投票。
refused = 公告板不接受这张选票
refused-why = 没有任何内容被记录。如果理由不对，请保存本页面的截图，交给选举机构和观察员。
lie = 公告板违背了承诺
lie-state = 公告板的回答不可能是真的。您的选票可能没有被记录。
lie-why = 请保存它的回答：这可能向所有人证明公告板有错。请交给观察员或选举机构。封存的选票仍保存在本设备上。
save-evidence = 保存该回答
recorded = 您的选票已投出
recorded-state = 您的选票已投出并已记录。
recorded-entry = 公开记录第 { $entry } 条。
receipt-what = 回执证明这张选票在记录中。万一它不见了，您可以据此证明。
receipt-not = 回执和追踪码不会显示您的选择。本页面现在会忘记您的选票和选举码；只有您保存的内容会留下。
receipt-awaiting = 见证人尚未确认此条记录。请稍后通过“查找我的选票”获取最终回执。
save-receipt = 保存回执
print = 打印
qr-tracker = 追踪码的二维码

# 查找
find-why = 您的设备会读取全部记录并自行查找。没有人知道您在找哪张选票。
tracker-hint = 输入全部，或至少前 8 个字符。不区分大小写，空格可有可无。
search = 查找
find-none = 记录中没有此追踪码的选票。
voted-none = 记录中没有此选举码的选票。
found = 找到 { $number } 张选票
fate-counts = 这张选票计票。
fate-superseded = 这张选票已被后来的一张取代（第 { $later } 条）。只有最后一张计票。
fate-overridden = 这张选票不计票：登记机构已将其取消。
fate-audited = 这张选票已为检验而拆开，不计票。
reason = 理由：
make-receipt = 制作回执
kept-why = 回执在本设备上针对这场选举进行核对。
receipt-file = 回执文件
receipt-good = 回执有效。

# 第二台设备
examine-why = 有人在另一台设备上封存了一张选票，并为检验而拆开。本设备会查明里面到底是什么。
examine-election = 选举
shown-tracker = 另一台设备显示的追踪码
shown-hint = 请输入拆开之前显示的追踪码，至少 8 个字符。
opening-how = 拆开的选票
opening-file = 或选择其文件
opening-text = 或粘贴其文字
opening-taken = 已取得拆开的选票。
examine-now = 核对
examined = 选票的内容
examined-state = 选票封存正确，追踪码与所显示的一致。
examined-compare = 请比较：这是在另一台设备上所选的吗？如果不是，那台设备在作弊。
examined-after = 这张选票永不计票。要投票，请在另一台设备上重新封存一张。
another = 核对另一张选票
cheated = 另一台设备的行为与其显示不符
cheated-do = 请不要用那台设备投票。请保留拆开选票的文件，并告知选举机构和观察员。

# 故障
fault-no-randomness = 此设备无法提供可靠的随机数，因此没有封存任何内容。请使用其他设备。
fault-bad-request = 页面与其工作部分不匹配。请重新载入页面。
fault-code-missing = 请输入选举码 { $number }。
fault-code-length = 选举码有 24 个字符，这里有 { $found } 个。请与信件核对。
fault-code-character = 第 { $position } 个字符不会出现在选举码中。请与信件核对。
fault-code-check = 选举码有输入错误。请与信件核对。
fault-code-number = 这场选举需要 { $expected } 个选举码，您给出了 { $found } 个。
fault-code-no-key = 用这些选举码无法生成密钥。请与信件核对。
fault-code-unknown = 这些选举码不在这场选举的名册上。请与信件核对。如果无误，请联系给您寄信的人。
fault-code-replaced = 此选举码已被新的取代。请使用最新的信。
fault-code-overridden = 此选举码的投票已被登记机构取消（第 { $entry } 条）：{ $reason }
fault-letter-form = 这不是信中的那一行。请完整复制。
fault-letter-other-election = 这封信属于另一场选举。
fault-letter-order = 第 { $number } 封信来自登记机构 { $registrar }。请填在相应位置。
fault-letter-registrar = 第 { $number } 封信写的是登记机构 { $registrar }，这场选举中没有它。
fault-other-election = 公告板显示的选举与链接不符。请不要在这里投票。
fault-not-yet-open = 投票尚未开始。
fault-voting-over = 投票已经结束。
fault-election-failed = 这场选举已终止，没有结果。
fault-not-decryptable = 计票人员尚未就绪，现在无法封存选票。
fault-has-voted = 此选举码已经投过票。这场选举以第一张为准。
fault-no-more-ballots = 此选举码不能再投票。
fault-selection-contest = 此项不在您的选票上。
fault-selection-number = { $minimum ->
    [0] 至多可选 { $maximum } 项。
   *[other] { $maximum ->
        [1] 请选一项。
       *[other] 请至少选 { $minimum } 项，至多选 { $maximum } 项。
    }
}
fault-selection-places = 请排出至少 { $minimum } 个、至多 { $maximum } 个名次。
fault-selection-most = 每项至多可给 { $most }。
fault-selection-step = 数额必须以 { $step } 为一档。
fault-selection-total = 总共至多可给 { $total }。
fault-selection-exactly = 总共必须正好给 { $total }。
fault-selection-list = 名单 { $list } 上至多可选 { $limit } 人。
fault-selection-question = { $minimum ->
    [0] “{ $question }”：至多可选 { $maximum } 项。
   *[other] { $maximum ->
        [1] “{ $question }”：请选一项。
       *[other] “{ $question }”：请至少选 { $minimum } 项，至多选 { $maximum } 项。
    }
}
fault-selection-not-asked = 只有回答“{ $condition }”之后才会问“{ $question }”。
fault-selection-form = 这里不能这样选择。
fault-selection-missing = 还有一项没有填写。
fault-not-a-number = 请为 { $name } 填写整数。
fault-places-broken = 每个名次只能给一次，中间不能空缺。
fault-not-sealed = 选票无法封存。请重试。
fault-nothing-sealed = 没有已封存的选票。请重新封存。
fault-not-begun = 请先输入选举码。
fault-not-read = 尚未读取记录。
fault-tracker-character = 第 { $position } 个字符不会出现在追踪码中。
fault-tracker-length = 追踪码长度不对。请输入全部，或至少前 8 个字符。
fault-tracker-too-short = 请多输入一些追踪码。
fault-opening-missing = 请先扫描、选择或粘贴拆开的选票。
fault-opening-form = 这不是拆开的选票。
fault-opening-other-election = 这张拆开的选票属于另一场选举。
fault-opening-unknown = 这张拆开的选票不属于名册上的任何人。
fault-device-tracker = 拆开的选票的追踪码（{ $tracker }）与另一台设备显示的不同。
fault-device-ballot = 拆开的选票不是这位选民的选票。
fault-device-opening = 拆开的内容与封存的不一致（第 { $contest } 项）。
fault-device-proof = 封存的选票无效（第 { $contest } 项）。
fault-device-selection = 封存的选票含有不可能的选择（第 { $contest } 项）。
fault-receipt-bad = 此回执对这场选举无效。
fault-receipt-none = 记录中还没有这张选票。请一分钟后重试。
fault-record-invalid = 公告板给出的记录违反选举规则。请不要在这里投票，并告知观察员。
fault-record-missing = 公告板没有给出全部记录。
fault-record-too-large = 记录太大，浏览器无法处理。请使用程序。
fault-other-history = 公告板显示的历史与之前不同。请不要在这里投票；告知观察员，并保持本页面打开。
fault-checkpoint-bad = 公告板在其记录上的签名有误。请不要在这里投票，并告知观察员。
fault-unwitnessed = 确认公告板记录的见证人太少。
fault-board-refuses = 公告板不接受。
fault-board-silent = 无法连接公告板。请检查网络后重试。
fault-board-status = 服务器没有给出正确的回答（{ $status }）。请稍后重试。
fault-board-answer = 服务器没有给出正确的回答。请稍后重试。
fault-board-slow = 公告板太慢。请稍后重试。
fault-board-address = 本页面不知道公告板在哪里。请使用信中的链接。
fault-promise-broken = 公告板没有作出应有的承诺。
`,Wt=Symbol.for(`pv`),Gt=0;Array.isArray;function G(t,n,r,i,a,o){n||={};var s,c,l=n;if(`ref`in l&&typeof t!=`function`)for(c in l={},n)c==`ref`?s=n[c]:l[c]=n[c];var u={type:t,props:l,key:r,ref:s,__k:null,__:null,__b:0,__e:null,__c:null,constructor:Wt,__v:--Gt,__i:-1,__u:0};return(a||o)&&(u.__source=a,u.__self=o),e.vnode&&e.vnode(u),u}function K({text:e}){return G(`bdi`,{children:W(e)})}function Kt({text:e}){let{t}=U(),n=zt(e);return W(e)===n?null:G(`details`,{children:[G(`summary`,{children:t(`whole-name`)}),G(`bdi`,{children:n})]})}function q({children:e,title:t,error:n=!1}){let{t:r}=U(),i=H(null);return V(()=>{document.title=r(n?`title-error`:`title`,{title:t})},[t,n,r]),V(()=>i.current?.focus(),[]),G(`h1`,{tabIndex:-1,ref:i,children:e})}function J({fault:e,field:t,heading:n}){let r=U(),i=H(null);if(V(()=>i.current?.focus(),[e]),e===null)return null;let a=Lt(r,e);return G(`div`,{class:`problem`,role:`group`,"aria-labelledby":`problem`,tabIndex:-1,ref:i,children:[G(`h2`,{id:`problem`,children:n??r.t(`problem`)}),G(`p`,{children:t===void 0?a:G(`a`,{href:`#${t}`,onClick:e=>qt(e,t),children:a})}),G(`details`,{children:[G(`summary`,{children:r.t(`details`)}),G(`p`,{lang:`en`,children:[e.rule===void 0?``:`${e.rule}: `,zt(e.text)]})]})]})}function qt(e,t){e.preventDefault(),document.getElementById(t)?.focus()}function Jt({progress:e,words:t=`reading`}){let{t:n}=U();return G(`div`,{class:`reading`,children:[G(`p`,{role:`status`,children:n(t)}),e===null||e.total===0?null:G(`progress`,{"aria-label":n(t),max:e.total,value:e.done})]})}function Yt({name:e,what:t,children:n}){return G(`button`,{type:`button`,class:`second`,onClick:()=>{let n=document.createElement(`a`);n.href=URL.createObjectURL(new Blob([t],{type:typeof t==`string`?`text/plain`:`application/octet-stream`})),n.download=e,n.click(),setTimeout(()=>URL.revokeObjectURL(n.href),6e4)},children:n})}function Xt({text:e,children:t}){let{t:n}=U(),[r,i]=B(``);return G(b,{children:[G(`button`,{type:`button`,class:`second`,onClick:()=>{navigator.clipboard.writeText(e).then(()=>i(n(`copied`)),()=>i(n(`not-copied`)))},children:t}),G(`span`,{role:`status`,children:r})]})}function Y({tracker:e}){return G(`p`,{class:`tracker`,translate:!1,dir:`ltr`,children:e})}function Zt({fingerprint:e}){return G(`p`,{class:`print`,translate:!1,dir:`ltr`,children:e.match(/.{1,8}/g)?.join(` `)})}function Qt({minutes:e}){let{language:t}=U(),n=new Date(e*6e4),r=new Intl.DateTimeFormat(t,{dateStyle:`full`,timeStyle:`short`}).format(n);return G(`time`,{dateTime:n.toISOString(),children:r})}var $t=/^[0-9a-f]{64}$/;function en(e){let[t=``,n=``]=decodeURI(e.hash.slice(1)).split(`/`),r=e.pathname.split(`/`);return{election:[t,r[r.lastIndexOf(`elections`)+1]??``].map(e=>e.trim().toLowerCase()).find(e=>$t.test(e))??null,view:n,boards:document.querySelector(`meta[name=vitrine-boards]`)?.content.split(` `).filter(e=>e!==``)??[e.origin]}}function tn(){let[e,t]=B(()=>en(location));return V(()=>{let e=()=>t(en(location));return addEventListener(`hashchange`,e),()=>removeEventListener(`hashchange`,e)},[]),e}function nn(){let{t:e}=U(),[t,n]=B(``),[r,i]=B(!1);return G(`form`,{onSubmit:e=>{e.preventDefault();let n=/[0-9a-f]{64}/.exec(t.toLowerCase().replace(/\s/g,``));n===null?i(!0):location.hash=n[0]},noValidate:!0,children:[G(q,{title:e(`no-election`),error:r,children:e(`no-election`)}),r?G(J,{fault:{code:`no-fingerprint`,text:`64 hexadecimal digits are looked for`},field:`fingerprint`}):null,G(`p`,{children:e(`no-election-why`)}),G(`div`,{class:`field`,children:[G(`label`,{for:`fingerprint`,children:e(`fingerprint`)}),G(`input`,{id:`fingerprint`,class:`code`,autoComplete:`off`,value:t,onInput:e=>n(e.currentTarget.value)})]}),G(`p`,{class:`deeds`,children:G(`button`,{type:`submit`,children:e(`go-on`)})})]})}var rn=[`auto`,`light`,`dark`,`contrast`],an=[`s`,`m`,`l`,`xl`];function on(e,t,n){let[r,i]=B(()=>t.find(t=>t===localStorage.getItem(e))??n);return V(()=>{document.documentElement.dataset[e]=r},[e,r]),[r,t=>{localStorage.setItem(e,t),i(t)}]}function sn({help:e,children:t}){let[n,r]=B(Ft),[i,a]=on(`theme`,rn,`auto`),[o,s]=on(`size`,an,`m`),c=bt(()=>Pt(n),[n]),{t:l}=c;V(()=>{document.documentElement.lang=n===`zh`?`zh-Hans`:n,document.documentElement.dir=`ltr`},[n]);let u=e=>{localStorage.setItem(`language`,e),r(e)},d=e;return G(It.Provider,{value:c,children:[G(`a`,{class:`skip`,href:`#main`,onClick:e=>{e.preventDefault(),document.getElementById(`main`)?.focus()},children:l(`skip`)}),G(`header`,{class:`top`,children:[G(`p`,{class:`brand`,translate:!1,children:`Vitrine`}),G(`nav`,{"aria-label":l(`languages`),children:G(`ul`,{children:jt.map(([e,t])=>G(`li`,{children:G(`button`,{type:`button`,class:`plain`,lang:e===`zh`?`zh-Hans`:e,"aria-pressed":e===n,onClick:()=>u(e),children:t})},e))})}),G(`details`,{class:`look`,children:[G(`summary`,{children:l(`look`)}),G(`div`,{class:`look-box`,children:[G(`label`,{children:[l(`theme`),G(`select`,{value:i,onChange:e=>a(e.currentTarget.value),children:rn.map(e=>G(`option`,{value:e,children:l(`theme-${e}`)},e))})]}),G(`label`,{children:[l(`size`),G(`select`,{value:o,onChange:e=>s(e.currentTarget.value),children:an.map(e=>G(`option`,{value:e,children:l(`size-${e}`)},e))})]})]})]})]}),G(`main`,{id:`main`,tabIndex:-1,children:t}),G(`footer`,{children:G(`details`,{class:`help`,children:[G(`summary`,{children:l(`help`)}),G(d,{})]})})]})}var X=class extends Error{fault;constructor(e){super(e.code),this.fault=e}};function cn(e){return e instanceof X?e.fault:{code:`stopped`,text:e instanceof Error?e.message:String(e)}}var ln=class{start;#e;#t=0;#n=new Map;constructor(e){this.start=e}async call(e,t,n,r=[]){let i=await(this.#e??=this.#r()),a=this.#t++;return new Promise((o,s)=>{this.#n.set(a,{resolve:e=>o(e),reject:s,progress:n}),i.postMessage({id:a,method:e,params:t},r)})}async cancel(){let e=this.#e;this.#e=void 0,(await e?.catch(()=>void 0))?.terminate(),this.#a({code:`cancelled`,text:`stopped by you`})}async#r(){let e=await this.start();return e.addEventListener(`message`,e=>this.#i(e.data)),e.addEventListener(`error`,e=>{this.#e=void 0,this.#a({code:`stopped`,text:e.message??`the worker cannot be loaded`})}),e}#i(e){let t=this.#n.get(e.id);t!==void 0&&(`progress`in e?t.progress?.(e.progress):(this.#n.delete(e.id),`fault`in e?t.reject(new X(e.fault)):t.resolve(e.ok)))}#a(e){for(let t of this.#n.values())t.reject(new X(e));this.#n.clear()}};function un(e){let t={createScriptURL(t){if(t!==e)throw TypeError(`not this page's worker`);return t}},n=globalThis.trustedTypes?.createPolicy(`app`,t)??t;return async()=>(await dn(e),new Worker(n.createScriptURL(e),{type:`module`}))}async function dn(e){let t=[...document.querySelectorAll(`meta[name=vitrine-integrity]`)].find(({dataset:t})=>t.file!==void 0&&e.endsWith(`/${t.file}`));if(t===void 0)throw new X({code:`stopped`,text:`the page names no hash for its worker`});await(await fetch(e,{integrity:t.content})).arrayBuffer()}function Z(){let e=H(!1),[t,n]=B(!1),[r,i]=B(null),[a,o]=B(null);return{busy:t,fault:r,progress:a,setFault:i,run:xt(t=>{e.current||(e.current=!0,n(!0),i(null),o(null),t(o).catch(e=>i(cn(e))).finally(()=>{e.current=!1,n(!1)}))},[])}}var fn=1e3;function pn(e,t,n){let r=Math.min(1,fn/Math.max(t,n,1)),i=document.createElement(`canvas`);i.width=Math.max(1,Math.round(t*r)),i.height=Math.max(1,Math.round(n*r));let a=i.getContext(`2d`,{willReadFrequently:!0});if(a===null)return null;a.drawImage(e,0,0,i.width,i.height);let{data:o}=a.getImageData(0,0,i.width,i.height),s=new Uint8Array(i.width*i.height);for(let e=0;e<s.length;e++)s[e]=((o[4*e]??0)*3+(o[4*e+1]??0)*6+(o[4*e+2]??0))/10;return{width:i.width,height:i.height,grey:s}}function mn({client:e,onText:t,id:n}){let{t:r}=U(),[i,a]=B(!1),[o,s]=B(``),c=H(null),l=H(t);l.current=t,V(()=>{if(!i)return;let t=!0,n;return(async()=>{n=await navigator.mediaDevices.getUserMedia({video:{facingMode:`environment`}});let r=c.current;if(r!==null)for(r.srcObject=n,await r.play();t;){let n=pn(r,r.videoWidth,r.videoHeight),i=n===null?null:await e.call(`scan`,n);if(i!==null&&t){a(!1),l.current(i);return}await new Promise(e=>setTimeout(e,200))}})().catch(()=>{t&&s(r(`no-camera`)),a(!1)}).finally(()=>n?.getTracks().forEach(e=>e.stop())),()=>{t=!1,n?.getTracks().forEach(e=>e.stop())}},[i,e,r]);let u=async t=>{if(t!==void 0)try{let n=await createImageBitmap(t),i=pn(n,n.width,n.height);n.close();let a=i===null?null:await e.call(`scan`,i);a===null?s(r(`no-qr`)):(s(``),l.current(a))}catch{s(r(`no-qr`))}};return G(`div`,{class:`field`,children:[G(`p`,{children:G(`button`,{type:`button`,class:`second`,"aria-pressed":i,onClick:()=>{s(``),a(!i)},children:r(i?`camera-off`:`camera`)})}),i?G(`video`,{ref:c,muted:!0,playsInline:!0,"aria-label":r(`camera-picture`)}):null,G(`label`,{for:n,children:r(`picture`)}),G(`input`,{id:n,type:`file`,accept:`image/*`,onChange:e=>void u(e.currentTarget.files?.[0])}),G(`p`,{role:`status`,children:o})]})}var hn=new URL(`worker-D9K7Z_TI.js`,import.meta.url).href,gn=un(hn),_n=class extends ln{constructor(){super(gn)}};function vn(e){let t=e.options.map(()=>``);return{blank:!1,options:[],list:null,amounts:t,places:t}}function yn(e){return e.trim()===``?0:/^[0-9]{1,9}$/.test(e.trim())?Number(e.trim()):null}function bn(e){let t=e.amounts.findIndex(e=>yn(e)===null);return t<0?null:t}function xn(e){return e.places.filter(e=>e!==``).map(Number).sort((e,t)=>e-t).some((e,t)=>e!==t+1)}function Sn(e,t){if(t.blank)return{blank:!0};switch(e.kind.name){case`score`:case`cumulative`:case`budget`:return{amounts:t.amounts.map(e=>yn(e)??0)};case`positional`:case`pairwise`:return{ranking:Dn(t)};case`lists`:return t.list===null?{options:En(t.options)}:{list:t.list};case`linked`:return{options:En(t.options.filter(n=>wn(e,t,n)))};default:return{options:En(t.options)}}}function Cn(e){let t=0;return e.map(({options:e})=>{let n=t;return t+=e,{start:n,end:t}})}function wn(e,t,n){if(e.kind.name!==`linked`)return!0;let r=Cn(e.kind.questions).findIndex(({start:e,end:t})=>e<=n&&n<t),i=e.kind.questions[r]?.condition??null;return i===null||t.options.includes(i)&&wn(e,t,i)}function Tn(e,t,n){return wn(e,t,n.start)}function En(e){return[...e].sort((e,t)=>e-t)}function Dn(e){return e.places.map((e,t)=>[e,t]).filter(([e])=>e!==``).sort(([e],[t])=>Number(e)-Number(t)).map(([,e])=>e)}function On({t:e},{kind:t}){switch(t.name){case`choose`:return t.minimum===t.maximum?e(`rule-choose-exactly`,{maximum:t.maximum}):e(`rule-choose`,{minimum:t.minimum,maximum:t.maximum});case`score`:return e(`rule-score`,{top:t.top});case`cumulative`:return e(t.exactly?`rule-cumulative-exactly`:`rule-cumulative`,{points:t.points,most:t.most});case`budget`:return e(`rule-budget`,{pot:t.pot,step:t.step,currency:W(t.currency)});case`positional`:return e(`rule-positional`,{minimum:t.minimum,maximum:t.points.length,points:t.points.join(`, `)});case`pairwise`:return e(t.complete?`rule-pairwise-complete`:`rule-pairwise`);case`question`:return e(`rule-question`,{numerator:t.numerator,denominator:t.denominator});case`lists`:return e(t.whole?`rule-lists-whole`:`rule-lists`,{minimum:t.minimum,maximum:t.maximum});default:return e(`rule-${t.name}`)}}function kn({contest:e,selection:t}){let{t:n}=U(),r=t=>G(K,{text:e.options[t]??``}),{kind:i}=e;if(`blank`in t)return G(`p`,{children:n(`left-blank`)});if(`list`in t)return G(`p`,{children:[n(`whole-list`),` `,G(K,{text:i.name===`lists`?i.lists[t.list]?.name??``:``})]});if(`ranking`in t)return t.ranking.length===0?G(`p`,{children:n(`nothing-chosen`)}):G(`ol`,{children:t.ranking.map(e=>G(`li`,{children:r(e)},e))});if(`amounts`in t){let e=t.amounts.map((e,t)=>[e,t]).filter(([e])=>e>0||i.name===`score`);if(e.length===0)return G(`p`,{children:n(`nothing-chosen`)});let a=e=>i.name===`budget`?n(`money`,{amount:e,currency:W(i.currency)}):n(`points`,{amount:e});return G(`ul`,{children:e.map(([e,t])=>G(`li`,{children:[r(t),`: `,a(e)]},t))})}if(t.options.length===0)return G(`p`,{children:n(`nothing-chosen`)});let a=e=>G(`ul`,{children:e.map(e=>G(`li`,{children:r(e)},e))});if(i.name!==`linked`)return a(t.options);let o=Cn(i.questions).map(({start:e,end:n})=>t.options.filter(t=>e<=t&&t<n));return G(b,{children:i.questions.map((e,t)=>{let n=o[t]??[];return n.length===0?null:G(`div`,{children:[G(`h3`,{children:G(K,{text:e.title})}),a(n)]},t)})})}function An({t:e},t,n){let{kind:r}=t;if(`blank`in n)return e(`warn-blank`);if(`list`in n)return null;if(`ranking`in n){let i=r.name===`positional`?Math.min(r.points.length,t.options.length):t.options.length;return n.ranking.length<i?e(`warn-fewer`,{chosen:n.ranking.length,maximum:i}):null}if(`amounts`in n){let t=n.amounts.reduce((e,t)=>e+t,0);return t===0?e(`warn-nothing`):r.name===`cumulative`&&t<r.points?e(`warn-points`,{rest:r.points-t}):r.name===`budget`&&t<r.pot?e(`warn-money`,{rest:r.pot-t,currency:W(r.currency)}):null}if(n.options.length===0)return e(`warn-nothing`);let i=r.name===`choose`||r.name===`lists`?r.maximum:1;return n.options.length<i?e(`warn-fewer`,{chosen:n.options.length,maximum:i}):null}var jn=15e4;async function Mn(e){if(e.size>jn)throw new X({code:`opening-form`,text:`longer than any opened ballot`});let t=new Uint8Array(await e.arrayBuffer()),n=``;for(let e of t)n+=String.fromCharCode(e);return btoa(n)}function Nn({client:e,election:t,toStart:n}){let{t:r}=U(),i=Z(),[a,o]=B(``),[s,c]=B(``),[l,u]=B(null),[d,f]=B(``),p=t=>{t.preventDefault(),u(null),i.run(async()=>{if(a.trim()===``)throw new X({code:`opening-missing`,text:`no opened ballot was given`});u(await e.call(`examine`,{opening:a,tracker:s}))})},m=e=>{e!==void 0&&i.run(async()=>{o(await Mn(e)),f(r(`opening-taken`))})},h=i.fault?.code.startsWith(`device-`)===!0;if(l!==null)return G(b,{children:[G(q,{title:r(`examined`),children:r(`examined`)},`found`),G(`p`,{class:`state cast`,role:`status`,children:r(`examined-state`)}),G(`p`,{children:r(`examined-compare`)}),G(Y,{tracker:l.tracker}),l.unit===``?null:G(`p`,{class:`quiet`,children:[r(`unit`),` `,G(K,{text:l.unit})]}),l.contests.map(({contest:e,selection:t})=>G(`section`,{class:`answer`,children:[G(`h2`,{children:G(K,{text:e.title})}),G(kn,{contest:e,selection:t})]},e.index)),G(`p`,{children:r(`examined-after`)}),G(`p`,{class:`deeds`,children:G(`button`,{type:`button`,onClick:()=>{u(null),o(``),c(``),f(``)},children:r(`another`)})})]});let g=i.fault?.code.startsWith(`tracker`)===!0?`shown-tracker`:`opening-file`;return G(`form`,{onSubmit:p,noValidate:!0,autoComplete:`off`,children:[G(q,{title:r(`examine`),error:i.fault!==null,children:r(`examine`)},`ask`),h?G(J,{fault:i.fault,heading:r(`cheated`)}):G(J,{fault:i.fault,field:g}),h?G(`p`,{class:`note`,children:r(`cheated-do`)}):null,G(`p`,{children:r(`examine-why`)}),G(`h2`,{children:r(`examine-election`)}),G(`p`,{children:G(K,{text:t.title})}),G(Zt,{fingerprint:t.fingerprint}),G(`div`,{class:`field`,children:[G(`label`,{for:`shown-tracker`,children:r(`shown-tracker`)}),G(`p`,{class:`hint`,id:`shown-hint`,children:r(`shown-hint`)}),G(`input`,{id:`shown-tracker`,class:`code`,spellcheck:!1,autoComplete:`off`,"aria-describedby":`shown-hint`,value:s,onInput:e=>c(e.currentTarget.value)})]}),G(`h2`,{children:r(`opening-how`)}),G(mn,{client:e,id:`opening-picture`,onText:e=>{o(e),f(r(`opening-taken`))}}),G(`div`,{class:`field`,children:[G(`label`,{for:`opening-file`,children:r(`opening-file`)}),G(`input`,{id:`opening-file`,type:`file`,onChange:e=>m(e.currentTarget.files?.[0])})]}),G(`div`,{class:`field`,children:[G(`label`,{for:`opening-text`,children:r(`opening-text`)}),G(`textarea`,{id:`opening-text`,spellcheck:!1,value:a,onInput:e=>o(e.currentTarget.value)})]}),G(`p`,{role:`status`,children:d}),G(`p`,{class:`deeds`,children:[G(`button`,{type:`submit`,disabled:i.busy,children:r(`examine-now`)}),G(`button`,{type:`button`,class:`second`,onClick:n,children:r(`back`)})]})]})}async function Pn(e,t){let n=await new Promise((e,t)=>{let n=indexedDB.open(`vitrine`,1);n.onupgradeneeded=()=>n.result.createObjectStore(`pending`),n.onsuccess=()=>e(n.result),n.onerror=()=>t(n.error??Error(`no storage`))});try{return await new Promise((r,i)=>{let a=n.transaction(`pending`,e,{durability:`strict`}),o=t(a.objectStore(`pending`));a.oncomplete=()=>r(o.result),a.onabort=a.onerror=()=>i(a.error??Error(`not stored`))})}finally{n.close()}}function Fn(e){return Pn(`readonly`,t=>t.get(e))}async function In(e,t){await Pn(`readwrite`,n=>n.put(t,e))}async function Ln(e){await Pn(`readwrite`,t=>t.delete(e))}function Rn({witnessed:e}){let{t}=U();return G(b,{children:t(`witnessed-${e.state}`,{number:e.by.length})})}function zn({election:e,go:t,toStart:n,held:r,fault:i,again:a}){let o=U(),{t:s}=o,c=(e,n)=>G(`li`,{children:G(`button`,{type:`button`,class:`second`,onClick:()=>t({name:e}),children:s(n)})});return G(b,{children:[G(q,{title:zt(e.title),error:i!==null,children:G(K,{text:e.title})}),G(Kt,{text:e.title}),G(J,{fault:i}),i===null?null:G(`p`,{class:`deeds`,children:G(`button`,{type:`button`,onClick:a,children:s(`again`)})}),r===null?null:G(`div`,{class:`state not-cast`,children:[G(`p`,{children:s(`held`)}),G(`p`,{children:G(`button`,{type:`button`,onClick:()=>t({name:`casting`,ballot:r,kept:!0}),children:s(`send-again`)})})]}),G(`dl`,{children:[G(`dt`,{children:s(`phase`)}),G(`dd`,{children:s(`phase-${e.phase}`)}),G(`dt`,{children:s(`opens`)}),G(`dd`,{children:G(Qt,{minutes:e.opening})}),G(`dt`,{children:s(`closes`)}),G(`dd`,{children:G(Qt,{minutes:e.closing})})]}),e.problem===null?G(b,{children:[G(`p`,{children:s(`before`,{number:e.registrars.length})}),G(`p`,{class:`deeds`,children:G(`button`,{type:`button`,onClick:()=>t({name:`codes`}),children:s(`start`)})})]}):G(`p`,{class:`state`,children:Lt(o,e.problem)}),G(`h2`,{children:s(`also`)}),G(`ul`,{class:`links`,children:[c(`find`,`find`),c(`voted`,`voted`),c(`kept`,`kept-receipt`),c(`examine`,`examine`),G(`li`,{children:G(`button`,{type:`button`,class:`second`,onClick:n,children:s(`read-again`)})})]}),G(`h2`,{children:s(`fingerprint`)}),G(`p`,{children:s(`fingerprint-why`)}),G(Zt,{fingerprint:e.fingerprint}),G(`h2`,{children:s(`log`)}),G(`p`,{children:[s(`log-read`,{entries:e.entries}),` `,G(Rn,{witnessed:e.witnessed})]}),e.pages===null?null:G(`details`,{children:[G(`summary`,{children:s(`pages`)}),G(`p`,{children:s(`pages-why`)}),G(Zt,{fingerprint:e.pages.bundle}),e.pages.boards.length===0?G(`p`,{children:s(`pages-here`)}):G(b,{children:[G(`p`,{children:s(`pages-boards`)}),G(`ul`,{children:e.pages.boards.map(e=>G(`li`,{children:G(K,{text:e})},e))})]})]}),e.clock.length===0?null:G(`div`,{class:`note`,lang:`en`,children:e.clock.map(e=>G(`p`,{children:zt(e)},e))})]})}function Bn({client:e,text:t,label:n}){let[r,i]=B(null);return V(()=>{let n=!0;return e.call(`qr`,{text:t}).then(e=>n&&i(e),()=>void 0),()=>{n=!1}},[e,t]),r===null?null:G(`svg`,{class:`qr`,role:`img`,"aria-label":n,viewBox:`-4 -4 ${r.size+8} ${r.size+8}`,"shape-rendering":`crispEdges`,children:[G(`rect`,{x:`-4`,y:`-4`,width:r.size+8,height:r.size+8,fill:`#fff`}),G(`path`,{d:r.dark,fill:`#000`})]})}function Vn({client:e,election:t,ballot:n,kept:r,done:i,toStart:a}){let{t:o}=U(),s=Z(),{run:c}=s,[l,u]=B(null),d=xt(()=>c(async()=>u(await e.call(`send`,{submission:n.submission}))),[c,e,n]);V(d,[d]);let f=l!==null&&l.state!==`unknown`&&l.state!==`lie`;V(()=>{f&&(i(),Ln(t.fingerprint).catch(()=>void 0))},[f,i,t.fingerprint]),V(()=>{if(f||r)return;let e=e=>e.preventDefault();return addEventListener(`beforeunload`,e),()=>removeEventListener(`beforeunload`,e)},[f,r]);let p=G(`button`,{type:`button`,class:`second`,onClick:a,children:o(`finish`)});if(s.busy||l===null&&s.fault===null)return G(b,{children:[G(q,{title:o(`sending`),children:o(`sending`)},`sending`),G(`p`,{role:`status`,children:o(`sending-wait`)})]});if(l===null||l.state===`unknown`)return G(b,{children:[G(q,{title:o(`unknown`),error:!0,children:o(`unknown`)},`unknown`),G(J,{fault:l?.fault??s.fault}),G(`p`,{class:`state not-cast`,children:o(`unknown-state`)}),G(`p`,{children:o(r?`unknown-kept`:`unknown-not-kept`)}),G(`h2`,{children:o(`tracker`)}),G(Y,{tracker:n.tracker}),G(`p`,{class:`deeds`,children:G(`button`,{type:`button`,onClick:d,children:o(`send-again`)})})]});switch(l.state){case`recorded`:return G(Hn,{client:e,title:t.title,result:l,finish:p});case`displaced`:return G(b,{children:[G(q,{title:o(`displaced`),children:o(`displaced`)},`displaced`),G(`p`,{class:`state`,children:o(`displaced-state`)}),G(`p`,{children:o(`displaced-why`,{entry:l.index})}),G(Y,{tracker:l.tracker}),G(`p`,{class:`deeds`,children:p})]});case`refused`:return G(b,{children:[G(q,{title:o(`refused`),error:!0,children:o(`refused`)},`refused`),G(J,{fault:l.fault}),G(`p`,{class:`state not-cast`,children:o(`not-cast`)}),G(`p`,{children:o(`refused-why`)}),G(`p`,{class:`deeds`,children:p})]});case`lie`:return G(b,{children:[G(q,{title:o(`lie`),error:!0,children:o(`lie`)},`lie`),G(J,{fault:l.fault}),G(`p`,{class:`state not-cast`,children:o(`lie-state`)}),G(`p`,{children:o(`lie-why`)}),G(`p`,{class:`deeds`,children:[G(Yt,{name:`board-answer.evidence.txt`,what:l.evidence,children:o(`save-evidence`)}),G(`button`,{type:`button`,onClick:d,children:o(`send-again`)})]})]})}}function Hn({client:e,title:t,result:n,finish:r}){let{t:i}=U();return G(b,{children:[G(q,{title:i(`recorded`),children:i(`recorded`)},`recorded`),G(`p`,{class:`state cast`,role:`status`,children:i(`recorded-state`)}),G(`p`,{children:G(K,{text:t})}),G(`h2`,{children:i(`tracker`)}),G(Y,{tracker:n.tracker}),G(`p`,{children:i(`recorded-entry`,{entry:n.index})}),G(`p`,{children:[i(`receipt-what`),` `,G(Rn,{witnessed:n.witnessed})]}),G(`p`,{class:`deeds`,children:[G(Yt,{name:`ballot-receipt.tlog-proof`,what:n.receipt,children:i(`save-receipt`)}),G(Xt,{text:n.tracker,children:i(`copy-tracker`)}),G(`button`,{type:`button`,class:`second`,onClick:()=>print(),children:i(`print`)})]}),G(Bn,{client:e,text:n.tracker,label:i(`qr-tracker`)}),n.witnessed.state===`awaiting`?G(`p`,{class:`note`,children:i(`receipt-awaiting`)}):null,G(`p`,{children:i(`receipt-not`)}),G(`p`,{class:`deeds`,children:r})]})}function Un({client:e,election:t,toStart:n,heading:r,deed:i,use:a}){let o=U(),{t:s}=o,c=Z(),[l,u]=B(()=>t.registrars.map(()=>``)),[d,f]=B(()=>t.registrars.map(()=>null)),[p,m]=B(``),h=H(l),g=(e,t,n)=>{h.current=h.current.map((n,r)=>r===e?t:n),u(h.current),f(t=>t.map((t,r)=>r===e?n:t))},_=async(n,r)=>{if(r.trim()===``)return g(n,``,null);try{let i=await e.call(`letter`,{text:r});if(i.election!==null&&i.election!==t.fingerprint)throw new X({code:`letter-other-election`,text:`the letter is of another election`,params:{number:String(n+1)}});let a=i.registrar===null?n:i.registrar-1;a!==n&&a<l.length&&g(n,``,null),g(a<l.length?a:n,i.code,null)}catch(e){g(n,r,cn(e))}},v=e=>{e.preventDefault(),c.run(async()=>{let e=h.current,t=e.findIndex(e=>e.trim()===``);if(t>=0)throw new X({code:`code-missing`,text:`a code is missing`,params:{number:String(t+1)}});await a(e),h.current=e.map(()=>``),u(h.current)})},y=`code-${Math.max(0,Number(c.fault?.params?.number??1)-1)}`;return G(`form`,{onSubmit:v,noValidate:!0,autoComplete:`off`,children:[G(q,{title:r,error:c.fault!==null,children:r}),G(J,{fault:c.fault,field:y}),G(`p`,{children:s(`code-where`)}),l.map((e,n)=>{let r=d[n]??null;return G(`div`,{class:`field`,children:[G(`label`,{for:`code-${n}`,children:[l.length===1?s(`code`):s(`code-of`,{number:n+1}),` `,l.length===1?null:G(K,{text:t.registrars[n]??``})]}),G(`p`,{class:`hint`,id:`code-hint-${n}`,children:s(`code-hint`)}),r===null?null:G(`p`,{class:`wrong`,id:`code-wrong-${n}`,role:`alert`,children:Lt(o,r)}),G(`input`,{id:`code-${n}`,class:`code`,type:`text`,autoComplete:`off`,autoCapitalize:`characters`,autoCorrect:`off`,spellcheck:!1,value:e,"aria-invalid":r!==null,"aria-describedby":r===null?`code-hint-${n}`:`code-hint-${n} code-wrong-${n}`,onInput:e=>g(n,e.currentTarget.value,null),onBlur:e=>void _(n,e.currentTarget.value)})]},n)}),G(`details`,{children:[G(`summary`,{children:s(`scan-letter`)}),G(`p`,{children:s(`scan-letter-why`)}),G(mn,{client:e,id:`letter-picture`,onText:e=>{let t=l.findIndex(e=>e===``);_(Math.max(0,t),e).then(()=>m(s(`scanned`)))}}),G(`p`,{role:`status`,children:p})]}),G(`p`,{class:`deeds`,children:[G(`button`,{type:`submit`,disabled:c.busy,children:i}),G(`button`,{type:`button`,class:`second`,onClick:n,children:s(`back`)})]})]})}var Q=`field-first`;function Wn({contest:e,draft:t,change:n}){let{t:r}=U(),{kind:i}=e,a=i.name===`choose-one`||i.name===`question`,o={contest:e,draft:t,change:n};return G(b,{children:[e.blank&&!a?G($,{type:`checkbox`,checked:t.blank,onChange:()=>n({...t,blank:!t.blank}),children:r(`leave-blank`)}):null,G(`fieldset`,{disabled:t.blank&&!a,children:[G(`legend`,{class:`hidden`,children:G(K,{text:e.title})}),a?G(Jn,{...o}):null,i.name===`choose`?G(Yn,{...o,range:Gn(e),minimum:i.minimum,maximum:i.maximum,first:!0}):null,i.name===`score`||i.name===`cumulative`||i.name===`budget`?G(Xn,{...o}):null,i.name===`positional`||i.name===`pairwise`?G(Zn,{...o}):null,i.name===`lists`?G(Qn,{...o}):null,i.name===`linked`?G($n,{...o}):null]})]})}function Gn(e){return{start:0,end:e.options.length}}function Kn(e,{start:t,end:n}){return e.order.filter(e=>t<=e&&e<n)}function $({type:e,checked:t,onChange:n,name:r,id:i,disabled:a=!1,children:o}){return G(`label`,{class:`choice`,children:[G(`input`,{type:e,checked:t,onChange:n,disabled:a,...r===void 0?{}:{name:r},...i===void 0?{}:{id:i}}),G(`span`,{children:o})]})}function qn({text:e}){return G(K,{text:e})}function Jn({contest:e,draft:t,change:n}){let{t:r}=U(),i=e=>n({...t,blank:!1,options:[e]});return G(b,{children:[e.order.map((n,r)=>G(`div`,{children:[G($,{type:`radio`,name:`one`,id:r===0?Q:void 0,checked:!t.blank&&t.options[0]===n,onChange:()=>i(n),children:G(qn,{text:e.options[n]??``})}),G(Kt,{text:e.options[n]??``})]},n)),e.blank?G($,{type:`radio`,name:`one`,checked:t.blank,onChange:()=>n({...t,blank:!0,options:[]}),children:r(`leave-blank`)}):null]})}function Yn({contest:e,draft:t,change:n,range:r,minimum:i,maximum:a,first:o=!1,disabled:s=!1}){let{t:c}=U(),l=t.options.filter(e=>r.start<=e&&e<r.end).length,u=e=>{let r=t.options.includes(e)?t.options.filter(t=>t!==e):[...t.options,e];n({...t,options:r})};return G(b,{children:[Kn(e,r).map((n,r)=>G(`div`,{children:[G($,{type:`checkbox`,id:o&&r===0?Q:void 0,checked:t.options.includes(n),disabled:s,onChange:()=>u(n),children:G(qn,{text:e.options[n]??``})}),G(Kt,{text:e.options[n]??``})]},n)),G(`p`,{class:l>a?`tally wrong`:`tally`,role:`status`,children:l>a?c(`too-many`,{chosen:l,maximum:a,over:l-a}):c(`chosen`,{chosen:l,maximum:a,minimum:i})})]})}function Xn({contest:e,draft:t,change:n}){let{t:r}=U(),{kind:i}=e,a=(e,r)=>n({...t,amounts:t.amounts.map((t,n)=>n===e?r:t)}),o=t.amounts.reduce((e,t)=>e+(yn(t)??0),0),s=new Map(e.order.map((e,t)=>[e,t===0?Q:`field-${e}`])),c=i.name===`score`&&i.top<=20?[...Array(i.top+1).keys()]:null,l=null,u=!1;return i.name===`cumulative`?(u=o>i.points,l=r(u?`points-over`:`points-left`,{total:o,rest:Math.abs(i.points-o),points:i.points})):i.name===`budget`&&(u=o>i.pot,l=r(u?`money-over`:`money-left`,{total:o,rest:Math.abs(i.pot-o),pot:i.pot,currency:W(i.currency)})),G(b,{children:[e.order.map(n=>{let r=t.amounts[n]??``,i=yn(r)===null,o=s.get(n)??``;return G(`div`,{class:`row`,children:[G(`label`,{for:o,children:G(qn,{text:e.options[n]??``})}),c===null?G(`input`,{id:o,type:`text`,inputMode:`numeric`,autoComplete:`off`,value:r,"aria-invalid":i,onInput:e=>a(n,e.currentTarget.value)}):G(`select`,{id:o,value:r===``?`0`:r,onChange:e=>a(n,e.currentTarget.value),children:c.map(e=>G(`option`,{value:String(e),children:e},e))}),G(Kt,{text:e.options[n]??``})]},n)}),l===null?null:G(`p`,{class:u?`tally wrong`:`tally`,role:`status`,children:l})]})}function Zn({contest:e,draft:t,change:n}){let{t:r}=U(),[i,a]=B(``),{kind:o}=e,s=o.name===`positional`?Math.min(o.points.length,e.options.length):e.options.length,c=t.places.map(Number),l=Math.max(0,...c),u=(t,n)=>a(n===0?r(`place-none`,{name:W(e.options[t]??``)}):r(`place-is`,{name:W(e.options[t]??``),place:n})),d=(e,r)=>{n({...t,places:t.places.map((t,n)=>n===e?r===0?``:String(r):t)}),u(e,r)},f=(e,r)=>{let i=t.places[e]??``;n({...t,places:t.places.map((t,n)=>n===e?String(r):t===String(r)?i:t)}),u(e,r)},p=e=>{let t=c[e]??0;t===0?l<s?d(e,l+1):a(r(`places-full`)):t>1&&f(e,t-1)},m=e=>{let t=c[e]??0;t!==0&&(t<l?f(e,t+1):d(e,0))};return G(b,{children:[e.order.map((n,i)=>{let a=i===0?Q:`field-${n}`,o=e.options[n]??``;return G(`div`,{class:`row`,children:[G(`label`,{for:a,children:G(qn,{text:o})}),G(`select`,{id:a,value:t.places[n]??``,onChange:e=>d(n,Number(e.currentTarget.value)),children:[G(`option`,{value:``,children:r(`no-place`)}),[...Array(s).keys()].map(e=>G(`option`,{value:String(e+1),children:e+1},e))]}),G(`button`,{type:`button`,class:`second small`,onClick:()=>p(n),children:[G(`span`,{"aria-hidden":`true`,children:`↑`}),G(`span`,{class:`hidden`,children:r(`move-up`,{name:W(o)})})]}),G(`button`,{type:`button`,class:`second small`,onClick:()=>m(n),children:[G(`span`,{"aria-hidden":`true`,children:`↓`}),G(`span`,{class:`hidden`,children:r(`move-down`,{name:W(o)})})]}),G(Kt,{text:o})]},n)}),G(`p`,{class:`tally`,role:`status`,children:i===``?r(`ranked`,{chosen:t.places.filter(e=>e!==``).length,maximum:s}):i})]})}function Qn({contest:e,draft:t,change:n}){let{t:r}=U();if(e.kind.name!==`lists`)return G(b,{});let{kind:i}=e,a=Cn(i.lists);return G(b,{children:[i.whole?G(`fieldset`,{children:[G(`legend`,{children:r(`how-to-choose`)}),G($,{type:`radio`,name:`whole`,id:Q,checked:t.list===null,onChange:()=>n({...t,list:null}),children:r(`one-by-one`)}),i.lists.map((e,i)=>G($,{type:`radio`,name:`whole`,checked:t.list===i,onChange:()=>n({...t,list:i}),children:[r(`whole-list`),` `,G(K,{text:e.name})]},i))]}):null,t.list===null?null:G(`p`,{class:`note`,children:r(`list-wins`)}),i.lists.map((o,s)=>{let c=a[s];return c===void 0?null:G(`fieldset`,{children:[G(`legend`,{children:G(`h2`,{children:G(K,{text:o.name})})}),G(`p`,{class:`hint`,children:r(`list-limit`,{limit:o.limit})}),G(Yn,{contest:e,draft:t,change:n,range:c,minimum:0,maximum:o.limit,first:!i.whole&&s===0,disabled:t.list!==null})]},s)}),t.list===null?G(`p`,{role:`status`,children:r(`chosen-in-all`,{chosen:t.options.length,maximum:i.maximum})}):null]})}function $n({contest:e,draft:t,change:n}){let{t:r}=U();if(e.kind.name!==`linked`)return G(b,{});let i=Cn(e.kind.questions);return G(b,{children:e.kind.questions.map((a,o)=>{let s=i[o];if(s===void 0||!Tn(e,t,s))return null;let c=t.options.filter(e=>e<s.start||s.end<=e),l=t.options.find(e=>s.start<=e&&e<s.end);return G(`fieldset`,{children:[G(`legend`,{children:G(`h2`,{children:G(K,{text:a.title})})}),a.condition===null?null:G(`p`,{class:`hint`,children:r(`asked-because`,{name:W(e.options[a.condition]??``)})}),a.maximum===1?G(b,{children:[Kn(e,s).map((r,i)=>G($,{type:`radio`,name:`question-${o}`,id:o===0&&i===0?Q:void 0,checked:l===r,onChange:()=>n({...t,options:[...c,r]}),children:G(qn,{text:e.options[r]??``})},r)),a.minimum===0?G($,{type:`radio`,name:`question-${o}`,checked:l===void 0,onChange:()=>n({...t,options:c}),children:r(`no-answer`)}):null]}):G(b,{children:[G(`p`,{class:`hint`,children:r(`rule-choose`,{minimum:a.minimum,maximum:a.maximum})}),G(Yn,{contest:e,draft:t,change:n,range:s,minimum:a.minimum,maximum:a.maximum,first:o===0})]})]},o)})})}function er({client:e,ballot:t,filled:n,keep:r,go:i,toStart:a,election:o}){let s=n??{drafts:t.contests.map(vn),at:0,reviewed:!1},c=t.contests[s.at],l=s.drafts[s.at];if(c===void 0||l===void 0)return G(rr,{client:e,election:o,ballot:t,selections:t.contests.map((e,t)=>[e.index,Sn(e,s.drafts[t]??vn(e))]),go:i,toStart:a,change:e=>r({...s,at:e,reviewed:!0})});let u=t.contests.length;return G(tr,{client:e,election:o,ballot:t,at:s.at,draft:l,go:i,toStart:a,reviewed:s.reviewed,change:e=>r({...s,drafts:s.drafts.map((t,n)=>n===s.at?e:t)}),next:()=>r({...s,at:s.reviewed?u:s.at+1}),back:()=>s.at===0?a():r({...s,at:s.at-1})},s.at)}function tr({client:e,ballot:t,at:n,draft:r,change:i,next:a,back:o,reviewed:s}){let c=U(),{t:l}=c,u=Z(),d=t.contests[n];if(d===void 0)return G(b,{});let f=t=>{t.preventDefault(),u.run(async()=>{let t=bn(r);if(t!==null&&!r.blank)throw new X({code:`not-a-number`,text:`whole numbers are looked for`,params:{name:d.options[t]??``}});if(xn(r)&&!r.blank)throw new X({code:`places-broken`,text:`every place from 1 on is given to one option`});let n=await e.call(`check`,{contest:d.index,selection:Sn(d,r)});if(n!==null)throw new X(n);a()})},p=d.kind.name===`lists`||d.kind.name===`linked`?`main`:Q;return G(`form`,{onSubmit:f,noValidate:!0,autoComplete:`off`,children:[G(`p`,{class:`quiet`,children:l(`contest-of`,{number:n+1,total:t.contests.length})}),G(q,{title:zt(d.title),error:u.fault!==null,children:G(K,{text:d.title})}),G(Kt,{text:d.title}),n===0?G(nr,{ballot:t}):null,G(J,{fault:u.fault,field:p}),G(`p`,{children:[On(c,d),d.blank?` ${l(`rule-blank`)}`:``]}),u.fault===null?null:G(`p`,{class:`wrong`,children:Lt(c,u.fault)}),G(Wn,{contest:d,draft:r,change:i}),G(`p`,{class:`deeds`,children:[G(`button`,{type:`submit`,disabled:u.busy,children:l(s?`to-review`:`next`)}),s?null:G(`button`,{type:`button`,class:`second`,onClick:o,children:l(`back`)})]})]})}function nr({ballot:e}){let{t}=U();return G(b,{children:[e.unit===``?null:G(`p`,{class:`quiet`,children:[t(`unit`),` `,G(K,{text:e.unit})]}),e.weight===1?null:G(`p`,{class:`quiet`,children:t(`weight`,{weight:e.weight})}),e.sequence===0?null:G(`p`,{class:`note`,children:t(`revote`,{number:e.sequence})})]})}function rr({client:e,ballot:t,selections:n,change:r,go:i,toStart:a}){let o=U(),{t:s}=o,c=Z();return G(b,{children:[G(q,{title:s(`review`),error:c.fault!==null,children:s(`review`)}),G(J,{fault:c.fault}),G(`p`,{class:`state not-cast`,children:s(`not-cast`)}),G(`p`,{children:s(`review-why`)}),t.contests.map((e,t)=>{let i=n[t]?.[1]??{options:[]},a=An(o,e,i);return G(`section`,{class:`answer`,children:[G(`h2`,{children:G(K,{text:e.title})}),G(kn,{contest:e,selection:i}),a===null?null:G(`p`,{class:`note`,children:a}),G(`p`,{children:G(`button`,{type:`button`,class:`second`,onClick:()=>r(t),children:[s(`change`),G(`span`,{class:`hidden`,children:[` `,W(e.title)]})]})})]},e.index)}),G(`p`,{class:`deeds`,children:[G(`button`,{type:`button`,onClick:()=>c.run(async()=>{let{tracker:t}=await e.call(`seal`,{selections:n});i({name:`sealed`,tracker:t})}),disabled:c.busy,children:s(`seal`)}),G(`button`,{type:`button`,class:`second`,onClick:a,children:s(`stop`)})]}),G(`p`,{role:`status`,children:c.busy?s(`sealing`):``})]})}function ir({client:e,toStart:t}){let{t:n}=U(),r=Z(),[i,a]=B(``),[o,s]=B(null);return G(b,{children:[G(`form`,{onSubmit:t=>{t.preventDefault(),s(null),r.run(async t=>s(await e.call(`find`,{tracker:i},t)))},noValidate:!0,children:[G(q,{title:n(`find`),error:r.fault!==null,children:n(`find`)}),G(J,{fault:r.fault,field:`tracker`}),G(`p`,{children:n(`find-why`)}),G(`div`,{class:`field`,children:[G(`label`,{for:`tracker`,children:n(`tracker`)}),G(`p`,{class:`hint`,id:`tracker-hint`,children:n(`tracker-hint`)}),G(`input`,{id:`tracker`,class:`code`,autoComplete:`off`,spellcheck:!1,"aria-describedby":`tracker-hint`,value:i,onInput:e=>a(e.currentTarget.value)})]}),G(`p`,{class:`deeds`,children:[G(`button`,{type:`submit`,disabled:r.busy,children:n(`search`)}),G(`button`,{type:`button`,class:`second`,onClick:t,children:n(`back`)})]})]}),r.busy?G(Jt,{progress:r.progress}):null,o===null?null:G(or,{client:e,view:o,none:n(`find-none`)})]})}function ar(e){let{t}=U(),[n,r]=B(null);return n===null?G(Un,{...e,heading:t(`voted`),deed:t(`search`),use:async t=>r(await e.client.call(`voted`,{codes:t}))}):G(b,{children:[G(q,{title:t(`voted`),children:t(`voted`)}),G(or,{client:e.client,view:n,none:t(`voted-none`)}),G(`p`,{class:`deeds`,children:G(`button`,{type:`button`,class:`second`,onClick:e.toStart,children:t(`back`)})})]})}function or({client:e,view:t,none:n}){let{t:r}=U(),i=Z(),[a,o]=B({}),s=t=>i.run(async n=>{let r=await e.call(`receipt`,{tracker:t},n);o(e=>({...e,[t]:r.receipt}))});return G(`section`,{"aria-labelledby":`found`,children:[G(`h2`,{id:`found`,children:r(`found`,{number:t.found.length})}),t.found.length===0?G(`p`,{class:`state`,role:`status`,children:n}):null,t.found.map(e=>{let t=a[e.tracker];return G(`div`,{class:`answer`,children:[G(Y,{tracker:e.tracker}),G(`p`,{children:[r(`recorded-entry`,{entry:e.index}),` `,G(Qt,{minutes:e.time})]}),G(`p`,{class:e.fate===`counts`?`state cast`:`state`,role:`status`,children:r(`fate-${e.fate}`,{later:e.later??0})}),e.reason===void 0?null:G(`p`,{children:[r(`reason`),` `,G(K,{text:e.reason})]}),e.fate===`audited`?null:t===void 0?G(`p`,{children:G(`button`,{type:`button`,class:`second`,disabled:i.busy,onClick:()=>s(e.tracker),children:r(`make-receipt`)})}):G(`p`,{children:G(Yt,{name:`ballot-receipt.tlog-proof`,what:t,children:r(`save-receipt`)})})]},e.index)}),G(J,{fault:i.fault}),G(`p`,{class:`quiet`,children:[r(`log-read`,{entries:t.entries}),` `,G(Rn,{witnessed:t.witnessed})]})]})}function sr({client:e,toStart:t}){let{t:n}=U(),r=Z(),[i,a]=B(null),o=t=>{t!==void 0&&(a(null),r.run(async()=>a(await e.call(`check-receipt`,{receipt:await t.slice(0,1e5).text()}))))};return G(b,{children:[G(q,{title:n(`kept-receipt`),error:r.fault!==null,children:n(`kept-receipt`)}),G(J,{fault:r.fault,field:`receipt-file`}),G(`p`,{children:n(`kept-why`)}),G(`div`,{class:`field`,children:[G(`label`,{for:`receipt-file`,children:n(`receipt-file`)}),G(`input`,{id:`receipt-file`,type:`file`,onChange:e=>o(e.currentTarget.files?.[0])})]}),i===null?null:G(`div`,{role:`status`,children:[G(`p`,{class:`state cast`,children:n(`receipt-good`)}),G(Y,{tracker:i.tracker}),G(`p`,{children:[n(`recorded-entry`,{entry:i.index}),` `,G(Qt,{minutes:i.time}),` `,G(Rn,{witnessed:i.witnessed})]})]}),G(`p`,{class:`deeds`,children:G(`button`,{type:`button`,class:`second`,onClick:t,children:n(`back`)})})]})}function cr({client:e,election:t,tracker:n,go:r}){let{t:i}=U(),a=Z();return G(b,{children:[G(q,{title:i(`sealed`),error:a.fault!==null,children:i(`sealed`)}),G(J,{fault:a.fault}),G(`p`,{class:`state not-cast`,children:i(`not-cast`)}),G(`h2`,{children:i(`tracker`)}),G(Y,{tracker:n}),G(`p`,{children:i(`tracker-why`)}),G(`p`,{class:`deeds`,children:[G(`button`,{type:`button`,onClick:()=>a.run(async()=>{let{submission:i}=await e.call(`sign`,{}),a={submission:i,tracker:n};r({name:`casting`,ballot:a,kept:await In(t.fingerprint,a).then(()=>!0,()=>!1)})}),disabled:a.busy,children:i(`cast`)}),G(Xt,{text:n,children:i(`copy-tracker`)})]}),G(`h2`,{children:i(`or`)}),G(`details`,{children:[G(`summary`,{children:i(`check-this`)}),G(`p`,{children:i(`check-why`)}),G(`p`,{children:i(`check-how`)}),G(`p`,{class:`deeds`,children:G(`button`,{type:`button`,class:`second`,onClick:()=>a.run(async()=>r({name:`opened`,...await e.call(`audit`,{})})),disabled:a.busy,children:i(`open-ballot`)})})]}),G(`p`,{children:G(`button`,{type:`button`,class:`plain`,onClick:()=>r({name:`filling`}),children:i(`change-answers`)})})]})}function lr(e){return Uint8Array.from(atob(e),e=>e.charCodeAt(0))}function ur({client:e,election:t,tracker:n,opening:r,qr:i,go:a}){let{t:o}=U(),s=`${location.origin}${location.pathname}#${t.fingerprint}/check`;return G(b,{children:[G(q,{title:o(`opened`),children:o(`opened`)}),G(`p`,{class:`state not-cast`,children:o(`opened-not-cast`)}),G(`p`,{children:o(`opened-secret`)}),G(`ol`,{children:[G(`li`,{children:[G(`p`,{children:o(`opened-link`)}),G(`p`,{class:`print`,dir:`ltr`,translate:!1,children:s}),G(Bn,{client:e,text:s,label:o(`qr-link`)})]}),G(`li`,{children:[G(`p`,{children:o(`opened-tracker`)}),G(Y,{tracker:n})]}),G(`li`,{children:[G(`p`,{children:o(i===null?`opened-file-only`:`opened-give`)}),i===null?null:G(Bn,{client:e,text:i,label:o(`qr-opening`)}),G(`p`,{children:G(Yt,{name:`opened-ballot.cbor`,what:lr(r),children:o(`save-opening`)})})]}),G(`li`,{children:G(`p`,{children:o(`opened-compare`)})})]}),G(`p`,{lang:`en`,children:G(`code`,{children:`vitrine ballot check-audit`})}),G(`p`,{class:`deeds`,children:G(`button`,{type:`button`,onClick:()=>a({name:`filling`}),children:o(`vote-now`)})})]})}function dr(){return G(sn,{help:fr,children:G(pr,{})})}function fr(){let{t:e}=U();return G(b,{children:[G(`p`,{children:e(`help-who`)}),G(`h2`,{children:e(`how`)}),G(`p`,{children:e(`how-seal`)}),G(`p`,{children:e(`how-check`)}),G(`p`,{children:e(`how-device`)}),G(`p`,{lang:`en`,children:G(`code`,{children:`vitrine ballot cast`})})]})}function pr(){let e=tn();return e.election===null?G(nn,{}):G(_r,{election:e.election,boards:e.boards,view:e.view},`${e.election}/${e.view}`)}async function mr(e,t,n,r,i){let a;for(let o of t)try{return await e.call(`open`,{board:o,election:n,...r===void 0?{}:{earlier:r}},i)}catch(e){if(!(e instanceof X)||!gr.has(e.fault.code))throw e;a??=e}throw a??new X({code:`board-address`,text:`the page names no board`})}var hr=`vitrine`,gr=new Set([`board-silent`,`board-status`,`board-slow`]);function _r({election:e,boards:t,view:n}){let{t:r}=U(),i=bt(()=>new _n,[]),a=Z(),[o,s]=B(null),[c,l]=B(null),[u,d]=B(null),[f,p]=B(null),[m,h]=B({name:n===`check`?`examine`:`start`}),{run:g}=a,_=o?.checkpoint,v=xt(()=>g(async n=>{s(await mr(i,t,e,_,n)),l(await Fn(e).catch(()=>void 0)??null)}),[g,i,t,e,_]);V(()=>(v(),()=>void i.cancel()),[]);let y=xt(()=>{d(null),p(null),i.call(`forget`,{}).catch(()=>void 0)},[i]),x=xt(()=>{y(),h({name:`start`}),v()},[y,v]),S=u!==null&&(m.name===`filling`||m.name===`sealed`||m.name===`opened`);V(()=>{if(!S)return;let e=e=>e.preventDefault();return addEventListener(`beforeunload`,e),()=>removeEventListener(`beforeunload`,e)},[S]);let C=H(f);C.current=f;let w=m.name!==`start`&&m.name!==`casting`&&n!==`check`;if(V(()=>{if(!w)return;let e=()=>{history.state!==hr&&history.pushState(hr,``)},t=()=>{let{current:t}=C;m.name===`filling`&&t!==null&&t.at>0?(p({...t,at:t.at-1}),e()):m.name===`sealed`||m.name===`opened`?h({name:`filling`}):(y(),h({name:`start`}))};return e(),addEventListener(`popstate`,t),()=>removeEventListener(`popstate`,t)},[w,m.name,y]),o===null||a.busy&&m.name===`start`)return G(b,{children:[G(q,{title:r(`opening`),error:a.fault!==null,children:r(`opening`)}),G(J,{fault:a.fault}),a.busy?G(Jt,{progress:a.progress}):G(`p`,{class:`deeds`,children:G(`button`,{type:`button`,onClick:v,children:r(`again`)})})]});let T={client:i,election:o,go:h,toStart:x};switch(m.name){case`start`:return G(zn,{...T,held:c,fault:a.fault,again:v});case`codes`:return G(Un,{...T,heading:r(`your-code`),deed:r(`go-on`),use:async e=>{d(await i.call(`begin`,{codes:e})),h({name:`filling`})}});case`filling`:return u===null?G(b,{}):G(er,{...T,ballot:u,filled:f,keep:p});case`sealed`:return G(cr,{...T,tracker:m.tracker});case`opened`:return G(ur,{...T,...m});case`casting`:return G(Vn,{...T,ballot:m.ballot,kept:m.kept,done:y});case`find`:return G(ir,{...T});case`voted`:return G(ar,{...T});case`kept`:return G(sr,{...T});case`examine`:return G(Nn,{...T})}}Nt(`en`,Vt,Bt),Nt(`zh`,Ut,Ht);var vr=document.getElementById(`app`);vr!==null&&M(G(dr,{}),vr);