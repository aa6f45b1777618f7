var e,t,n,r,i,a,o,s,c,l,u,d=Symbol.for(`pv`),f={},p=[],m=/^m(i|n|o|s|text|space)$/,h=Array.isArray,g=p.slice,_=Object.assign;function v(e){e&&e.parentNode&&e.remove()}function y(n,r,i,a,o){var s={type:n,props:r,key:i,ref:a,__k:null,__:null,__b:0,__e:null,__c:null,constructor:d,__v:o||++t,__i:-1,__u:0};return!o&&e.vnode&&e.vnode(s),s}function b(e){return e.children}function x(e,t){this.props=e,this.context=t,this.__g=0}function S(e,t){if(t==null)return e.__&&S(e.__,e.__i+1);for(var n;t<e.__k.length;t++)if((n=e.__k[t])&&n.__e)return n.__e;return typeof e.type!=`function`||e.props.__P?null:S(e)}function C(t){var n,r=t.__v,i=r.__e,a=[],o=[],s=t.__P;s&&((n=_({constructor:d},r)).__v=r.__v+1,e.vnode&&e.vnode(n),M(s,n,r,t.__n,s.namespaceURI,32&r.__u?[i]:null,a,i||S(r),32&r.__u,o),n.__v=r.__v,n.__.__k[n.__i]=n,ie(a,n,o),r.__=r.__e=null,n.__e!=i&&w(n))}function w(e){if((e=e.__)&&e.__c&&!e.props.__P)return e.__e=null,e.__k.some(function(t){return t&&(e.__e=t.__e)}),w(e)}function T(t){(8&t.__g||(t.__g|=8,n.push(t),i++))&&r==e.debounceRendering||((r=e.debounceRendering)||queueMicrotask)(E)}function E(){try{for(var e,t=1;n.length;)n.length>t&&n.sort(a),e=n.shift(),t=n.length,8&e.__g&&C(e)}finally{(i=n.length)&&(r||queueMicrotask)(E)}}function ee(e,t,n,r,i,a,o,s,c,l,u){var d,m,h,g,_,v,y=r.__k||p,b=t.length;for(c=D(n,t,y,c,b),d=0;d<b;d++)(h=n.__k[d])!=null&&(m=~h.__i&&y[h.__i]||f,h.__i=d,v=M(e,h,m,i,a,o,s,c,l,u),g=h.__e,(m.ref!=h.ref||8&m.__u)&&(m.ref&&N(m.ref,null,h,m),h.ref&&u.push(h.ref,h.__c||g,h)),_||=g,4&h.__u?(c=O(h,c,e,!m.__v),m.__e&&(m.__e=null)):typeof h.type==`function`&&v!==void 0?c=v:g&&(c=g.nextSibling),h.__u&=-21);return n.__e=_,c}function D(e,t,n,r,i){var a,o,s,c,l,u,f,p,m,g=n.length,_=g,v=0,x=0,C=e.__k=Array(i);for(a=0;a<i;a++)(o=t[a])!=null&&typeof o!=`boolean`&&typeof o!=`function`?(typeof o!=`object`||o.constructor===String?o=C[a]=y(null,o):h(o)?o=C[a]=y(b,{children:o}):o.constructor===d&&o.__b?o=C[a]=y(o.type,o.props,o.key,o.ref,o.__v):C[a]=o,c=a+v,o.__=e,o.__b=e.__b+1,s=null,~(l=o.__i=k(o,n,c,_))&&(_--,(s=n[l])&&(s.__u|=2)),s&&s.__v?(o.__u|=16,l==c-1?v--:l==c+1?v++:l!=c&&(l>c?v--:v++,x=1)):(~l||(i>g?v--:i<g&&v++),typeof o.type!=`function`&&(o.__u|=4))):C[a]=null;if(x){for(u=[],f=[],a=0;a<i;a++)if((o=C[a])&&16&o.__u){for(v=0,p=u.length;v<p;)u[m=v+p>>1]<o.__i?v=m+1:p=m;u[v]=o.__i,f[a]=v+1}for(v=u.length;a--;)f[a]&&(f[a]==v?v--:C[a].__u|=4)}if(_)for(a=0;a<g;a++)!(s=n[a])||2&s.__u||(s.__e==r&&(r=S(s)),oe(s,s));return r}function O(e,t,n,r){var i,a,o,s;if(typeof e.type==`function`){if(e.props.__P)return t;if(i=e.__k)for(a=0;a<i.length;a++)i[a]&&(i[a].__=e,t=O(i[a],t,n,!1));return t}for(t&&!t.parentNode&&(t=S(e))&&!t.parentNode&&(t=null),o=e.__e,s=t;s&&s.nodeType==8;)s=s.nextSibling;for(o!=s&&(!r&&n.moveBefore&&o.parentNode?n.moveBefore(o,t):n.insertBefore(o,t||null)),t=o;(t&&=t.nextSibling)&&t.nodeType==8&&!t.data.startsWith(`$s`););return t}function k(e,t,n,r){var i,a=e.key,o=e.type,s=t[n],c=s&&!(2&s.__u);if(s===null&&a==null||c&&a==s.key&&o==s.type)return n;if(r>+!!c){for(i=n-1;i>=0;i--)if((s=t[i])&&!(2&s.__u)&&a==s.key&&o==s.type)return i;for(i=n+1;i<t.length;i++)if((s=t[i])&&!(2&s.__u)&&a==s.key&&o==s.type)return i}return-1}function A(e,t,n){n??=``,t[0]==`-`?e.setProperty(t,n):e[t]=n}function j(e,t,n,r,i){var a,o;if(t==`style`){if(typeof n==`string`)e.style.cssText=n;else{if(typeof r==`string`&&(e.style.cssText=r=``),r)for(t in r)n&&t in n||A(e.style,t);if(n)for(t in n)r&&n[t]==r[t]||A(e.style,t,n[t])}}else if(t[0]==`o`&&t[1]==`n`)typeof n!=`function`&&(n=null),typeof r!=`function`&&(r=null),(e.__e||={})[t]=n,n&&r||(o=l[t]||(l[t]=te(t)),(e.__a||={})[t]=c,a=t!=(t=t.replace(s,`$1`)),(t=t.slice(2))[0]<`a`&&(t=t.toLowerCase()),n?e.addEventListener(t,o,a):e.removeEventListener(t,o,a));else{if(i==`http://www.w3.org/2000/svg`)t=t.replace(/xlink(H|:h)/,`h`).replace(/sName$/,`s`);else if(t!=`width`&&t!=`height`&&t!=`href`&&t!=`list`&&t!=`form`&&t!=`tabIndex`&&t!=`download`&&t!=`rowSpan`&&t!=`colSpan`&&t!=`role`&&t!=`popover`&&t in e)try{e[t]=n??``;return}catch{}if(typeof n==`function`)return;n==null||!1===n&&t[4]!=`-`?e.removeAttribute(t):e.setAttribute(t,t==`popover`&&n==1?``:n)}}function te(t){return function(n){var r=this.__e;if(r){if(r=r[t],n[o]==null)n[o]=c++;else if(n[o]<this.__a[t])return;return r(e.event?e.event(n):n)}}}function M(t,n,r,i,a,o,s,c,l,u){var f,m,g,y,C,w,T,E,D,O,k,A,j,te,M,ie,N,P,F=n.type;if(n.constructor!==d)return null;128&r.__u&&(l=32&r.__u,f=r.__c.__z)&&(n.__u|=l,m=o=[],f.nodeType==8?c=ne(f,o):o.push(f),c=o[0]||c),(f=e.__b)&&f(n);n:if(typeof F==`function`){g=s.length;try{if(E=n.props,D=(f=F.prototype)&&f.render,O=(f=F.contextType)&&i[f.__c],k=f?O?O.props.value:f.__:i,(y=r.__c)?(n.__c=y,2&y.__g&&(y.__g|=1)):(D?n.__c=y=new F(E,k):(n.__c=y=new x(E,k),y.constructor=F,y.render=se),O&&O.sub(y),y.state||(y.state={}),y.__n=i,y.__g|=8,y.__h=[],y.__k=[]),D&&(y.__s||(y.__s=y.state),F.getDerivedStateFromProps&&(y.__s==y.state&&(y.__s=_({},y.__s)),_(y.__s,F.getDerivedStateFromProps(E,y.__s)))),C=y.props,w=y.state,y.__v=n,r.__c){if(E!==C&&D&&!F.getDerivedStateFromProps&&y.componentWillReceiveProps&&y.componentWillReceiveProps(E,k),n.__v==r.__v&&!(8&y.__g)||!(4&y.__g)&&y.shouldComponentUpdate&&!1===y.shouldComponentUpdate(E,y.__s,k)){n.__v!=r.__v&&(y.props=E,y.state=y.__s,y.__g&=-9),n.__e=r.__e,n.__k=r.__k,n.__k.some(function(e){e&&(e.__=n)}),p.push.apply(y.__h,y.__k),y.__k=[],y.__h.length&&s.push(y),c=S(r);break n}y.componentWillUpdate&&y.componentWillUpdate(E,y.__s,k),D&&y.componentDidUpdate&&y.__h.push(function(){y.componentDidUpdate(C,w,T)})}else D&&!F.getDerivedStateFromProps&&y.componentWillMount&&y.componentWillMount(),D&&y.componentDidMount&&y.__h.push(y.componentDidMount);y.context=k,y.props=E,y.__P=t,y.__g&=-5,A=e.__r,j=D?25:0;do y.__g&=-9,A&&A(n),f=y.render(y.props,y.state=y.__s,y.context);while(8&y.__g&&++j<25);D&&(p.push.apply(y.__h,y.__k),y.__k=[]),y.state=y.__s,y.getChildContext&&(i=_({},i,y.getChildContext())),D&&r.__c&&y.getSnapshotBeforeUpdate&&(T=y.getSnapshotBeforeUpdate(C,w)),te=f&&f.type===b&&f.key==null?f.props.children:f,E.__P&&(f=c,a=(t=E.__P).namespaceURI,l=o=null,r.props&&r.props.__P!=t&&(r.__k.some(function(e){e&&oe(e,e)}),r.__k=null),c=r.__k?S(r,0):null),c=ee(t,h(te)?te:[te],n,r,i,a,o,s,c,l,u),E.__P&&(n.__e=null,c=f),n.__u&=-161,m&&m.some(v),y.__h.length&&s.push(y),1&y.__g&&(y.__g&=-4)}catch(t){if(s.length=g,n.__v=null,l||o){if(t&&t.then){if(n.__u|=128|l,o){for(~(N=o.indexOf(c||void 0))||(N=o.length);(P=o[N-1])&&P.nodeType==8;)N--;for(;N<o.length;N++)if(P=o[N]){if(o[N]=null,M){if(P==ie)break}else{if(P.nodeType!=8)break;P.data.startsWith(`$s`)&&(ie=ne(M=P))}}}if(!M){for(;c&&c.nodeType==8&&c.nextSibling;)c=c.nextSibling;M=c}(f=ne(M=n.__c.__z||(n.__c.__z=M)))?(n.__e=M,c=f):n.__e=c,c&&=c.nextSibling}else o&&o.some(v)}else n.__e=r.__e;n.__k||=r.__k||[],t&&t.then||re(n),e.__e(t,n,r)}}else c=n.__e=ae(r.__e,n,r,i,a,o,s,l,u,t);return(f=e.diffed)&&f(n),c}function ne(e,t){if(e&&e.nodeType==8&&e.data.startsWith(`$s`))for(var n=1;e=e.nextSibling;){if(e.nodeType==8){if(e.data.startsWith(`$s`))n++;else if(e.data.startsWith(`/$s`)&&!--n)return e}t&&t.push(e)}}function re(e){e&&(e.__c&&(e.__c.__g|=4),e.__k&&e.__k.some(re))}function ie(t,n,r){for(var i=0;i<r.length;)N(r[i++],r[i++],r[i++]);e.__c&&e.__c(n,t),t.some(function(n){try{t=n.__h,n.__h=[],t.some(function(e){e.call(n)})}catch(t){e.__e(t,n.__v)}})}function ae(t,n,r,i,a,o,s,c,l,u){var d,p,_,y,b,x,C,w,T=r.props||f,E=n.props,D=n.type;if(D==`svg`?a=`http://www.w3.org/2000/svg`:D==`math`?a=`http://www.w3.org/1998/Math/MathML`:a||=`http://www.w3.org/1999/xhtml`,o){for(d=0;d<o.length;d++)if((b=o[d])&&(D?b.localName==D:b.nodeType==3)){t=b,o[d]=null;break}}if(!t){if(w=u.ownerDocument||document,!D)return w.createTextNode(E);t=w.createElementNS(a,D,E.is?E:u),c&&=(e.__m&&e.__m(n,o),!1),o=null}if(D){if(u=D==`template`&&t.content||t,o=D==`textarea`&&E.defaultValue!=null?null:o&&g.call(u.childNodes),!c&&o)for(T={},d=0;d<t.attributes.length;d++)T[(b=t.attributes[d]).name]=b.value;for(d in T)b=T[d],d==`dangerouslySetInnerHTML`?_=b:d==`children`||d in E||d==`value`&&`defaultValue`in E||d==`checked`&&`defaultChecked`in E||j(t,d,null,b,a);for(d in E)b=E[d],d==`children`?y=b:d==`dangerouslySetInnerHTML`?p=b:d==`value`?x=b:d==`checked`?C=b:c&&typeof b!=`function`||T[d]===b||j(t,d,b,T[d],a);p?(c||_&&(p.__html==_.__html||p.__html==t.innerHTML)||(t.innerHTML=p.__html),n.__k=[]):(_&&(t.textContent=``),(D==`foreignObject`||a==`http://www.w3.org/1998/Math/MathML`&&m.test(D))&&(a=`http://www.w3.org/1999/xhtml`),ee(u,h(y)?y:[y],n,r,i,a,o,s,o?o[0]:r.__k&&S(r,0),c,l),o&&o.some(v)),c&&D!=`textarea`||(d=`value`,D==`progress`&&x==null?t.removeAttribute(d):x==null||x===t[d]&&(D!=`progress`||x)||j(t,d,x,T[d],a),d=`checked`,C!=null&&C!=t[d]&&j(t,d,C,T[d],a))}else T===E||c&&t.data==E||(t.data=E);return t}function N(t,n,r,i){try{typeof t==`function`?n?n.__x=t(n)||1:(i&&=i.__c||i.__e)&&(n=i.__x)&&(i.__x=null,typeof n==`function`?n():t(null)):t.current=n}catch(t){e.__e(t,r)}}function oe(t,n,r){var i,a,o,s;if(e.unmount&&e.unmount(t),!(i=t.ref)||i.current&&i.current!=t.__e||N(i,null,n,t),i=t.__c){if(i.componentWillUnmount)try{i.componentWillUnmount()}catch(t){e.__e(t,n)}i.__P=i.__n=null}if(i=t.__k)for(s=0;s<i.length;s++)i[s]&&oe(i[s],n,typeof t.type!=`function`||r&&!t.props.__P);!r&&(i=t.__c)&&(i=i.__z)&&(a=ne(i,o=[]))&&(i==t.__e&&o.some(v),v(a),v(i)),r||v(t.__e),t.__e=t.__c=t.__=null}function se(e,t,n){return this.constructor(e,n)}function P(t,n){var r,i,a,o;e.__&&e.__(t,n),n.nodeType==9&&(n=n.documentElement),i=(r=t&&32&t.__u)?null:n.__k,n.__k=y(b,{children:[t]}),a=[],o=[],M(n,n.__k,i||f,f,n.namespaceURI,i?null:n.firstChild?g.call(n.childNodes):null,a,i?i.__e:n.firstChild,r,o),ie(a,n.__k,o),n.__k.props.children=null}function F(e){function t(e){var n,r;return this.getChildContext||(n=new Set,(r={})[t.__c]=this,this.getChildContext=function(){return r},this.shouldComponentUpdate=function(e){this.props.value!=e.value&&n.forEach(function(e){e.__g|=4,T(e)})},this.sub=function(e){n.add(e);var t=e.componentWillUnmount;e.componentWillUnmount=function(){n.delete(e),t&&t.call(e)}}),e.children}return t.__c=`__cC`+u++,t.__=e,t.Provider=(t.Consumer=function(e,t){return e.children(t)}).contextType=t,t}e={__e:function(e,t,n,r){for(var a,o,s;t=t.__;)if((a=t.__c)&&!(1&a.__g)){a.__g|=4;try{if((s=(o=a.constructor)&&o.getDerivedStateFromError)&&a.setState(o.getDerivedStateFromError(e)),a.componentDidCatch&&(a.componentDidCatch(e,r||{}),s=1),s&&8&a.__g)return void(a.__g|=2)}catch(t){e=t}}throw i=0,e}},t=0,x.prototype.setState=function(e,t){var n=this.__s;n&&n!=this.state||(n=this.__s=_({},this.state)),typeof e==`function`&&(e=e(_({},n),this.props)),e&&(_(n,e),this.__v&&(t&&this.__k.push(t),T(this)))},x.prototype.forceUpdate=function(e){this.__v&&(this.__g|=4,e&&this.__h.push(e),T(this))},x.prototype.render=b,n=[],i=0,a=function(e,t){return e.__v.__b-t.__v.__b},o=Symbol(),s=/(PointerCapture)$|Capture$/i,c=0,l={},u=0;var I=class{constructor(e){this.value=e}valueOf(){return this.value}},L=class extends I{constructor(e=`???`){super(e)}toString(e){return`{${this.value}}`}},R=class extends I{constructor(e,t={}){super(e),this.opts=t}toString(e){if(e)try{return e.memoizeIntlObject(Intl.NumberFormat,this.opts).format(this.value)}catch(t){e.reportError(t)}return this.value.toString(10)}},z=class e extends I{static supportsValue(t){if(typeof t==`number`||t instanceof Date)return!0;if(t instanceof I)return e.supportsValue(t.valueOf());if(`Temporal`in globalThis){let e=globalThis.Temporal;if(t instanceof e.Instant||t instanceof e.PlainDateTime||t instanceof e.PlainDate||t instanceof e.PlainMonthDay||t instanceof e.PlainTime||t instanceof e.PlainYearMonth)return!0}return!1}constructor(t,n={}){t instanceof e?(n={...t.opts,...n},t=t.value):t instanceof I&&(t=t.valueOf()),typeof t==`object`&&`calendarId`in t&&n.calendar===void 0&&(n={...n,calendar:t.calendarId}),super(t),this.opts=n}[Symbol.toPrimitive](e){return e===`string`?this.toString():this.toNumber()}toNumber(){let e=this.value;if(typeof e==`number`)return e;if(e instanceof Date)return e.getTime();if(`epochMilliseconds`in e)return e.epochMilliseconds;if(`toZonedDateTime`in e)return e.toZonedDateTime(`UTC`).epochMilliseconds;throw TypeError(`Unwrapping a non-number value as a number`)}toString(e){if(e)try{return e.memoizeIntlObject(Intl.DateTimeFormat,this.opts).format(this.value)}catch(t){e.reportError(t)}return typeof this.value==`number`||this.value instanceof Date?new Date(this.value).toISOString():this.value.toString()}},ce=100,le=`⁨`,ue=`⁩`;function de(e,t,n){return n===t||n instanceof R&&t instanceof R&&n.value===t.value||t instanceof R&&typeof n==`string`&&n===e.memoizeIntlObject(Intl.PluralRules,t.opts).select(t.value)}function fe(e,t,n){return t[n]?V(e,t[n].value):(e.reportError(RangeError(`No default`)),new L)}function pe(e,t){let n=[],r=Object.create(null);for(let i of t)i.type===`narg`?r[i.name]=B(e,i.value):n.push(B(e,i));return{positional:n,named:r}}function B(e,t){switch(t.type){case`str`:return t.value;case`num`:return new R(t.value,{minimumFractionDigits:t.precision});case`var`:return me(e,t);case`mesg`:return he(e,t);case`term`:return ge(e,t);case`func`:return _e(e,t);case`select`:return ve(e,t);default:return new L}}function me(e,{name:t}){let n;if(e.params){if(Object.prototype.hasOwnProperty.call(e.params,t))n=e.params[t];else return new L(`$${t}`)}else if(e.args&&Object.prototype.hasOwnProperty.call(e.args,t))n=e.args[t];else return e.reportError(ReferenceError(`Unknown variable: $${t}`)),new L(`$${t}`);if(n instanceof I)return n;switch(typeof n){case`string`:return n;case`number`:return new R(n);case`object`:if(z.supportsValue(n))return new z(n);default:return e.reportError(TypeError(`Variable type not supported: $${t}, ${typeof n}`)),new L(`$${t}`)}}function he(e,{name:t,attr:n}){let r=e.bundle._messages.get(t);if(!r)return e.reportError(ReferenceError(`Unknown message: ${t}`)),new L(t);if(n){let i=r.attributes[n];return i?V(e,i):(e.reportError(ReferenceError(`Unknown attribute: ${n}`)),new L(`${t}.${n}`))}return r.value?V(e,r.value):(e.reportError(ReferenceError(`No value: ${t}`)),new L(t))}function ge(e,{name:t,attr:n,args:r}){let i=`-${t}`,a=e.bundle._terms.get(i);if(!a)return e.reportError(ReferenceError(`Unknown term: ${i}`)),new L(i);if(n){let t=a.attributes[n];if(t){e.params=pe(e,r).named;let n=V(e,t);return e.params=null,n}return e.reportError(ReferenceError(`Unknown attribute: ${n}`)),new L(`${i}.${n}`)}e.params=pe(e,r).named;let o=V(e,a.value);return e.params=null,o}function _e(e,{name:t,args:n}){let r=e.bundle._functions[t];if(!r)return e.reportError(ReferenceError(`Unknown function: ${t}()`)),new L(`${t}()`);if(typeof r!=`function`)return e.reportError(TypeError(`Function ${t}() is not callable`)),new L(`${t}()`);try{let t=pe(e,n);return r(t.positional,t.named)}catch(n){return e.reportError(n),new L(`${t}()`)}}function ve(e,{selector:t,variants:n,star:r}){let i=B(e,t);if(i instanceof L)return fe(e,n,r);for(let t of n)if(de(e,i,B(e,t.key)))return V(e,t.value);return fe(e,n,r)}function ye(e,t){if(e.dirty.has(t))return e.reportError(RangeError(`Cyclic reference`)),new L;e.dirty.add(t);let n=[],r=e.bundle._useIsolating&&t.length>1;for(let i of t)if(typeof i==`string`)n.push(e.bundle._transform(i));else{if(e.placeables++,e.placeables>ce)throw e.dirty.delete(t),RangeError(`Too many placeables expanded: ${e.placeables}, max allowed is ${ce}`);r&&n.push(le),n.push(B(e,i).toString(e)),r&&n.push(ue)}return e.dirty.delete(t),n.join(``)}function V(e,t){return typeof t==`string`?e.bundle._transform(t):ye(e,t)}var be=class{constructor(e,t,n){this.dirty=new WeakSet,this.params=null,this.placeables=0,this.bundle=e,this.errors=t,this.args=n}reportError(e){if(!this.errors||!(e instanceof Error))throw e;this.errors.push(e)}memoizeIntlObject(e,t){let n=this.bundle._intls.get(e);n||(n={},this.bundle._intls.set(e,n));let r=JSON.stringify(t);return n[r]||(n[r]=new e(this.bundle.locales,t)),n[r]}};function xe(e,t){let n=Object.create(null);for(let[r,i]of Object.entries(e))t.includes(r)&&(n[r]=i.valueOf());return n}var Se=[`unitDisplay`,`currencyDisplay`,`useGrouping`,`minimumIntegerDigits`,`minimumFractionDigits`,`maximumFractionDigits`,`minimumSignificantDigits`,`maximumSignificantDigits`];function Ce(e,t){let n=e[0];if(n instanceof L)return new L(`NUMBER(${n.valueOf()})`);if(n instanceof R)return new R(n.valueOf(),{...n.opts,...xe(t,Se)});if(n instanceof z)return new R(n.toNumber(),{...xe(t,Se)});throw TypeError(`Invalid argument to NUMBER`)}var we=[`dateStyle`,`timeStyle`,`fractionalSecondDigits`,`dayPeriod`,`hour12`,`weekday`,`era`,`year`,`month`,`day`,`hour`,`minute`,`second`,`timeZoneName`];function Te(e,t){let n=e[0];if(n instanceof L)return new L(`DATETIME(${n.valueOf()})`);if(n instanceof z||n instanceof R)return new z(n,xe(t,we));throw TypeError(`Invalid argument to DATETIME`)}var Ee=new Map;function De(e){let t=Array.isArray(e)?e.join(` `):e,n=Ee.get(t);return n===void 0&&(n=new Map,Ee.set(t,n)),n}var Oe=class{constructor(e,{functions:t,useIsolating:n=!0,transform:r=e=>e}={}){this._terms=new Map,this._messages=new Map,this.locales=Array.isArray(e)?e:[e],this._functions={NUMBER:Ce,DATETIME:Te,...t},this._useIsolating=n,this._transform=r,this._intls=De(e)}hasMessage(e){return this._messages.has(e)}getMessage(e){return this._messages.get(e)}addResource(e,{allowOverrides:t=!1}={}){let n=[];for(let r=0;r<e.body.length;r++){let i=e.body[r];if(i.id.startsWith(`-`)){if(t===!1&&this._terms.has(i.id)){n.push(Error(`Attempt to override an existing term: "${i.id}"`));continue}this._terms.set(i.id,i)}else{if(t===!1&&this._messages.has(i.id)){n.push(Error(`Attempt to override an existing message: "${i.id}"`));continue}this._messages.set(i.id,i)}}return n}formatPattern(e,t=null,n=null){if(typeof e==`string`)return this._transform(e);let r=new be(this,n,t);try{return ye(r,e).toString(r)}catch(e){if(r.errors&&e instanceof Error)return r.errors.push(e),new L().toString(r);throw e}}},ke=/^(-?[a-zA-Z][\w-]*) *= */gm,Ae=/\.([a-zA-Z][\w-]*) *= */y,je=/\*?\[/y,Me=/(-?[0-9]+(?:\.([0-9]+))?)/y,Ne=/([a-zA-Z][\w-]*)/y,Pe=/([$-])?([a-zA-Z][\w-]*)(?:\.([a-zA-Z][\w-]*))?/y,Fe=/^[A-Z][A-Z0-9_-]*$/,Ie=/([^{}\n\r]+)/y,Le=/([^\\"\n\r]*)/y,Re=/\\([\\"])/y,ze=/\\u([a-fA-F0-9]{4})|\\U([a-fA-F0-9]{6})/y,Be=/^\n+/,Ve=/ +$/,He=/ *\r?\n/g,Ue=/( *)$/,We=/{\s*/y,Ge=/\s*}/y,Ke=/\[\s*/y,qe=/\s*] */y,Je=/\s*\(\s*/y,Ye=/\s*->\s*/y,Xe=/\s*:\s*/y,Ze=/\s*,?\s*/y,Qe=/\s+/y,$e=class{constructor(e){this.body=[],ke.lastIndex=0;let t=0;for(;;){let n=ke.exec(e);if(n===null)break;t=ke.lastIndex;try{this.body.push(s(n[1]))}catch(e){if(e instanceof SyntaxError)continue;throw e}}function n(n){return n.lastIndex=t,n.test(e)}function r(n,r){if(e[t]===n)return t++,!0;if(r)throw new r(`Expected ${n}`);return!1}function i(e,r){if(n(e))return t=e.lastIndex,!0;if(r)throw new r(`Expected ${e.toString()}`);return!1}function a(n){n.lastIndex=t;let r=n.exec(e);if(r===null)throw SyntaxError(`Expected ${n.toString()}`);return t=n.lastIndex,r}function o(e){return a(e)[1]}function s(e){let t=l(),n=c();if(t===null&&Object.keys(n).length===0)throw SyntaxError(`Expected message value or attributes`);return{id:e,value:t,attributes:n}}function c(){let e=Object.create(null);for(;n(Ae);){let t=o(Ae),n=l();if(n===null)throw SyntaxError(`Expected attribute value`);e[t]=n}return e}function l(){let r;if(n(Ie)&&(r=o(Ie)),e[t]===`{`||e[t]===`}`)return u(r?[r]:[],1/0);let i=x();return i?r?u([r,i],i.length):(i.value=S(i.value,Be),u([i],i.length)):r?S(r,Ve):null}function u(r=[],i){for(;;){if(n(Ie)){r.push(o(Ie));continue}if(e[t]===`{`){r.push(d());continue}if(e[t]===`}`)throw SyntaxError(`Unbalanced closing brace`);let a=x();if(a)r.push(a),i=Math.min(i,a.length);else break}let a=r.length-1,s=r[a];typeof s==`string`&&(r[a]=S(s,Ve));let c=[];for(let e of r)e instanceof et&&(e=e.value.slice(0,e.value.length-i)),e&&c.push(e);return c}function d(){i(We,SyntaxError);let e=f();if(i(Ge))return e;if(i(Ye)){let t=h();return i(Ge,SyntaxError),{type:`select`,selector:e,...t}}throw SyntaxError(`Unclosed placeable`)}function f(){if(e[t]===`{`)return d();if(n(Pe)){let[,e,t,n=null]=a(Pe);if(e===`$`)return{type:`var`,name:t};if(i(Je)){let r=p();if(e===`-`)return{type:`term`,name:t,attr:n,args:r};if(Fe.test(t))return{type:`func`,name:t,args:r};throw SyntaxError(`Function names must be all upper-case`)}return e===`-`?{type:`term`,name:t,attr:n,args:[]}:{type:`mesg`,name:t,attr:n}}return _()}function p(){let n=[];for(;;){switch(e[t]){case`)`:return t++,n;case void 0:throw SyntaxError(`Unclosed argument list`)}n.push(m()),i(Ze)}}function m(){let e=f();return e.type===`mesg`&&i(Xe)?{type:`narg`,name:e.name,value:_()}:e}function h(){let e=[],t=0,i;for(;n(je);){r(`*`)&&(i=t);let n=g(),a=l();if(a===null)throw SyntaxError(`Expected variant value`);e[t++]={key:n,value:a}}if(t===0)return null;if(i===void 0)throw SyntaxError(`Expected default variant`);return{variants:e,star:i}}function g(){i(Ke,SyntaxError);let e;return e=n(Me)?v():{type:`str`,value:o(Ne)},i(qe,SyntaxError),e}function _(){if(n(Me))return v();if(e[t]===`"`)return y();throw SyntaxError(`Invalid expression`)}function v(){let[,e,t=``]=a(Me),n=t.length;return{type:`num`,value:parseFloat(e),precision:n}}function y(){r(`"`,SyntaxError);let n=``;for(;;)if(n+=o(Le),e[t]===`\\`)n+=b();else{if(r(`"`))return{type:`str`,value:n};throw SyntaxError(`Unclosed string literal`)}}function b(){if(n(Re))return o(Re);if(n(ze)){let[,e,t]=a(ze),n=parseInt(e||t,16);return n<=55295||57344<=n?String.fromCodePoint(n):`�`}throw SyntaxError(`Unknown escape sequence`)}function x(){let n=t;switch(i(Qe),e[t]){case`.`:case`[`:case`*`:case`}`:case void 0:return!1;case`{`:return C(e.slice(n,t))}return e[t-1]===` `&&C(e.slice(n,t))}function S(e,t){return e.replace(t,``)}function C(e){let t=e.replace(He,`
`),n=Ue.exec(e)[1].length;return new et(t,n)}}},et=class{constructor(e,t){this.value=e,this.length=t}},H,U,tt,nt,rt=Object.is,it=0,at=[],ot=[],W=e,st=W.__b,ct=W.__r,lt=W.diffed,ut=W.__c,dt=W.unmount,ft=W.__;function pt(e,t){W.__h&&W.__h(U,e,it||t),it=0;var n=U.__H||(U.__H={__:[],__h:[]});return e>=n.__.length&&n.__.push({}),n.__[e]}function G(e){return it=1,mt(Et,e)}function mt(e,t,n){var r=pt(H++,2);if(r.t=e,!r.__c&&(r.__=[n?n(t):Et(void 0,t),function(e){var t=(r.__N||r.__)[0],n=r.t(t,e);rt(t,n)||(r.__N=[n,r.__[1]],r.__c.setState({}))}],r.__c=U,!U.__f)){U.__f=!0;var i=U.shouldComponentUpdate;U.shouldComponentUpdate=function(e,t,n){var r=this.__H;if(!r)return!0;var a=!1,o=this.props!=e;if(r.__.some(function(e){e.__N&&(a=!0,rt(e.__[0],e.__N[0])||(o=!0))}),i){var s=i.call(this,e,t,n);return a?s||o:s}return!a||o}}return r.__}function K(e,t){var n=pt(H++,3);!W.__s&&Tt(n.__H,t)&&(n.__P=!0,n.__=e,n.u=t,U.__H.__h.push(n))}function ht(e){return it=5,gt(function(){return{current:e}},[])}function gt(e,t){var n=pt(H++,7);return Tt(n.__H,t)&&(n.__=e(),n.__H=t),n.__}function _t(e,t){return it=8,gt(function(){return e},t)}function vt(e){var t=U.context[e.__c],n=pt(H++,9);return n.c=e,t?(n.__??(n.__=!0,t.sub(U)),t.props.value):e.__}function yt(){var e;do{for(;e=ot.shift();)try{Ct(e)}catch(t){W.__e(t,{__:(e=e.__P)&&e.__v})}for(;e=at.shift();){var t=e.__H;if(e.__P&&t)try{t.__h.some(Ct),t.__h.some(wt),t.__h=[]}catch(n){t.__h=[],W.__e(n,e.__v)}}}while(ot.length)}W.__b=function(e){U=null,st&&st(e)},W.__=function(e,t){e&&t.__k&&t.__k.__m&&(e.__m=t.__k.__m),ft&&ft(e,t)},W.__r=function(e){ct&&ct(e),H=0;var t=(U=e.__c).__H;t&&(tt==U?U.__h=[]:(t.__h.some(Ct),t.__h.some(wt),H=0),t.__h=[],t.__.some(function(e){e.__N&&(e.__=e.__N),e.u=e.__N=void 0})),tt=U},W.diffed=function(e){lt&&lt(e);var t=e.__c;t&&t.__H&&(t.__H.__h.length&&St(at.push(t)),t.__H.__.some(function(e){e.u&&(e.__H=e.u)})),tt=U=null},W.__c=function(e,t){t.some(function(e){try{e.__h.some(Ct),e.__h=e.__h.filter(function(e){return!e.__||wt(e)})}catch(t){e.__h=[function(){throw t}]}}),ut&&ut(e,t)},W.unmount=function(e){dt&&dt(e);var t,n,r=e.__c;r&&r.__H&&(r.__H.__.some(function(r){try{if(r.__P&&r.__c){if(n===void 0){for(n=e.__;n&&(!n.__c||!n.__c.__P);)n=n.__;n&&=n.__c}r.__P=n,St(ot.push(r))}else Ct(r)}catch(e){t=e}}),r.__H=void 0,t&&W.__e(t,r.__v))};var bt=typeof requestAnimationFrame==`function`;function xt(e){var t,n=function(){clearTimeout(r),bt&&cancelAnimationFrame(t),setTimeout(e)},r=setTimeout(n,35);bt&&(t=requestAnimationFrame(n))}function St(e){e!=1&&nt==W.requestAnimationFrame||((nt=W.requestAnimationFrame)||xt)(yt)}function Ct(e){var t=U,n=e.__c;typeof n==`function`&&(e.__c=void 0,n()),U=t}function wt(e){var t=U;e.__c=e.__(),U=t}function Tt(e,t){return!e||e.length!=t.length||t.some(function(t,n){return!rt(t,e[n])})}function Et(e,t){return typeof t==`function`?t(e):t}var Dt=[[`en`,`English`],[`zh`,`中文`]],Ot=new Map;function kt(e,...t){Ot.set(e,t)}function At(e){let t=[...new Set([e,`en`])].map(e=>{let t=new Oe(e===`zh`?`zh-Hans`:e);for(let n of Ot.get(e)??[])t.addResource(new $e(n));return t}),n=e=>{for(let n of t){let t=n.getMessage(e)?.value;if(t!=null)return[n,t]}};return{language:e,has:e=>n(e)!==void 0,t:(e,t={})=>{let r=n(e);return r===void 0?e:r[0].formatPattern(r[1],t,[])}}}function jt(){let e=e=>Dt.some(([t])=>t===e),t=localStorage.getItem(`language`);return t!==null&&e(t)?t:navigator.languages.map(e=>e.slice(0,2).toLowerCase()).find(e)??`en`}var Mt=F({language:`en`,t:e=>e,has:()=>!1});function q(){return vt(Mt)}function Nt({t:e,has:t},n){let r=`fault-${n.code}`,i=Object.fromEntries(Object.entries(n.params??{}).map(([e,t])=>[e,/^[0-9]{1,9}$/.test(t)?Number(t):J(t)]));return e(t(r)?r:`fault-other`,i)}var Pt=200;function J(e){let t=[...Y(e)];return t.length>Pt?`${t.slice(0,Pt).join(``)}…`:t.join(``)}function Y(e){return e.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,e=>`[U+${(e.codePointAt(0)??0).toString(16).toUpperCase().padStart(4,`0`)}]`)}var Ft=`# Every page that the server writes
skip = Skip to the content
languages = Language
whole-name = Show the whole text
not-believed = This page says what this server says. Nobody has to believe it: the record behind it can be checked by anyone.

# The list
elections = Elections
election = Election
state = State
no-elections = There is no election here yet.
mirror = This server is a mirror: it keeps a checked copy of the public record. It takes no ballots.

# Phases
phase-setup = Preparing
phase-voting = Voting
phase-closed = Counting
phase-tallied = Result
phase-failed = This election was ended without a result.

# Links
fingerprint = Fingerprint of this election. Compare it with your letter, digit by digit:
link-vote = Vote
link-check = Check a ballot with a second device
link-observe = Check this election in your browser
link-officials = For officials: what to do now
link-offline = Save the checker that needs no network
link-entries = Read all entries of the public record

# Times
times = When
opening = Voting is planned to open
closing = Voting closes
deadline = Deadline:
last-entry = Last entry in the record

# What is voted on, and results
contests = What is being decided
results = Results
option = Option
list = List
lists = Votes of each list
seats = Seats
total = Total
share = Share
mean = Average for each ballot
outcome = Outcome
elected = Elected
blank = Blank
sum = Sum of these rows
ballots-counted = Ballots counted
weight-counted = Votes they stand for
figures-votes = Votes
figures-points = Points
figures-pairs = Comparisons with another option won
figures-budget = Amounts, in { $currency }
by-unit = Results of each part
counting = Being counted: { $done-shown } of { $all-shown } parts are done.
withheld = { $number ->
    [one] { $number-shown } ballot is in a part too small to publish, so that nobody can see how one person voted.
   *[other] { $number-shown } ballots are in a part too small to publish, so that nobody can see how one person voted.
}
and = { " · " }
elected-names = { $number ->
    [one] Elected: { $names }
   *[other] Elected ({ $number-shown }): { $names }
}
passed = Passed: { $yes-shown } said yes, { $needed-shown } were needed.
not-passed = Not passed: { $yes-shown } said yes, { $needed-shown } were needed.
tie-open = A tie that the rules leave open, for { $seats-shown } { $seats ->
    [one] seat
   *[other] seats
}: { $names }
tie-listed = A tie, decided by the order on the ballot: { $names }
tie-lot = A tie, decided by a lot that anyone can repeat: { $names }
vacant = { $seats ->
    [one] { $seats-shown } seat stays empty: nobody had enough votes for it.
   *[other] { $seats-shown } seats stay empty: nobody had enough votes for them.
}

# Turnout
turnout = Voters and ballots
roll = People who may vote
units = Parts of the election
ballots = Ballots received
audits = Ballots opened to check a device (never counted)
ballots-why = A voter may send a ballot again where the rules allow it; only one counts. So there can be more ballots than voters.

# What is awaited
awaited = What happens next
awaits-nothing = Nothing is awaited. The election is over.
awaits-roll = { $name } publishes the list of voters: { $received-shown } of { $chunks-shown } pieces are there.
awaits-ceremony = { $name } takes step { $stage-shown } of 4 in making the key.
awaits-opening = The authority opens the voting, as planned on { $time }.
awaits-closing = Voters vote. After { $time } the authority closes the voting.
awaits-decryption = { $number-shown } of { $all-shown } key holders open the totals together. Not yet done:
awaits-trustee = { $name } opens a share of the totals.
awaits-result = Anyone may now publish the result that follows from the record.
awaits-witnesses = { $number ->
    [one] { $number-shown } entry waits for the witnesses.
   *[other] { $number-shown } entries wait for the witnesses.
}

# Witnesses
witnesses = Witnesses
witness = Witness
checkpoint = The record has { $size-shown } entries. { $cosigned-shown } of them are fixed: what is there can no longer be changed without being seen.
unwitnessed = This election has no witnesses. Nobody but this server confirms that all see the same record.
cosigned-at = Last confirmed
never = not yet

# The key
ceremony = The key and the officials
ceremony-plan = The ballots are locked with a key that nobody holds alone. Of { $all-shown } key holders, { $number-shown } together can open the totals, and never a single ballot.
ceremony-stage = The key is being made: step { $stage-shown } of 4, { $what }.
ceremony-done = The key is made.
ceremony-failed = The key was not made.
ceremony-left = { $name } is no longer one of the key holders.
waiver-threshold = Note: by the rules of this election, the loss of one share can stop the count, or one holder alone could open it.
stage-1 = step 1, promises
stage-2 = step 2, shares
stage-3 = step 3, checks
stage-4 = step 4, rehearsal
authority = Authority
registrars = Keepers of the list of voters
trustees = Key holders

# Entries
entries = Entries
latest = Latest entries
number = Number
time = Time
what = What it says
pending = Waiting for the witnesses
span = Entries { $from-shown } to { $to-shown } of { $all-shown }, counted from 0
earlier = Earlier entries
later = Later entries
voter = A voter
anyone = Somebody
entry-unreadable = This entry cannot be read here.
entry-manifest = { $name } began the election and fixed its rules.
entry-roll = { $name } published piece { $chunk-shown } of { $chunks-shown } of the list of voters.
entry-dealing-commitment = { $name } promised a share of the key.
entry-dealing = { $name } dealt shares of the key.
entry-complaint = { $name } proved that a share was wrong.
entry-ceremony-confirmation = { $name } confirmed the shares.
entry-stage-end = { $name } ended an overdue step of making the key.
entry-rehearsal = { $name } showed that a share works.
entry-opening = { $name } opened the voting.
entry-ballot = A voter sent a ballot.
entry-ballot-again = A voter sent a ballot again, in place of an earlier one.
entry-audited-ballot = A voter opened a ballot to check a device. It does not count.
entry-replacement = { $name } replaced a lost voting code.
entry-extension = { $name } moved the end of voting to { $time }.
entry-closing = { $name } closed the voting.
entry-partial-decryption = { $name } opened a share of the totals of { $contest }.
entry-result = { $name } published the result of { $contest }.
entry-continuation = { $name } continued the record on another server.
entry-notice = { $name } wrote a notice:
entry-retirement = { $name } destroyed a share of the key.
entry-override = { $name } recorded that a voter votes in person:

# Verifying
pages = The pages for browsers
pages-why = The rules of this election name the pages for voting and checking by this number. The program compares it with what a server gives:
verify = Check it yourself
verify-how = With the program, on a computer that you trust. In place of ADDRESS write this page's address up to the first single slash; take the fingerprint from your letter, not from here. The second line checks that this server gives out the right pages:
`,It=`# Every page of the browser
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
`,Lt=`# The page for observers and officials
views = Parts of this page
view-board = Now
view-entries = Entries
view-verify = Verify everything
view-officials = For officials
live = Keep reading
read-to = { $size } entries read
read-failed = The last reading failed; what is shown is older.
opening-board = Opening the record
help-observe = This page reads the public record of the election and works it out inside your own browser. It knows no secret and keeps nothing. What it shows under “Verify everything” is checked from beginning to end; the rest shows what the record says. The same check can be made with the program itself:

# Now
look-fault = The record breaks a rule
look-fault-why = Entry { $entry } cannot stand where it stands. Verify everything, keep the record, and tell the other observers.
look-not-verified = This shows what the record says. It is not a verification: for that, choose “Verify everything”.
fingerprint-compare = It must be the same as what the authority announced, and as in the letters.
size-of-record = Entries in the record
have-voted = Codes that have voted
turnout-table = Ballots over time, as a table
turnout-over-time = Ballots recorded over time
witnessed-none = This election asks for no witnesses. Nobody but the board says that all see the same record.
witnessed-too-few = Fewer witnesses than the rules demand have confirmed the newest state yet.
witnessed-quorum = Enough independent witnesses have confirmed the newest state.
witnessed-unknown = Witnesses of a record that continues on another server are checked by “Verify everything”.
mirrors = Other copies
mirrors-why = A copy on somebody else's server must be the same record, or a beginning of it. If two differ, someone lies, and both signed pages together prove it.
mirror-address = Address of a mirror, or of another board
compare = Compare
address = Address
what-it-says = What it says
copy-same = The same { $size } entries
copy-behind = The same record up to entry { $size }
copy-ahead = { $size } entries, more than are read here: read again, then compare
copy-differs = ANOTHER RECORD with { $size } entries. Keep both checkpoints and tell the other observers.
copy-other = The log of another election
ceremony-now = The key is being made: step { $stage } of 4.
story = The story of key and count, step by step
entry-number = entry { $index }

# Entries
search-tracker = Find a ballot by its tracker
search-hint = Your browser searches what it has read. Nobody learns what for. At least 8 characters.
search = Search
search-found = { $number ->
    [0] No ballot with this tracker is in the record that was read.
    [one] One ballot has this tracker.
   *[other] { $number } ballots have this tracker.
}
search-results = Ballots found
hash = Hash of the entry
bytes = Its { $number } bytes

# Verify
verify-all = Verify everything
verify-why = Your browser fetches the whole record and checks all of it: every signature, every ballot, every step of the count. It is the same check as that of the program, with the same result.
verify-from = Fetch the record from
verify-from-hint = The board, or any mirror: an address with https, or of this very machine.
verify-now = Verify everything
expected-hint = From your letter or from the authority. Without it, the check says only that the record agrees with itself.
folder = Or take a folder of a record that you saved
folder-hint = Nothing is sent anywhere.
cancel = Stop
stage-download = Fetching the record …
stage-entries = Checking the entries …
stage-sums = Adding up the ballots …
stage-proofs = Waiting for the proofs of ballots …
verdict = Verdict
verdict-valid = VALID: every check passed.
verdict-not-compared = CONSISTENT: every check passed, but the fingerprint was not compared with one that you trust.
verdict-invalid = INVALID: the record is wrong.
verdict-incomplete = INCOMPLETE: all that is there is right, but something is missing.
verdict-unreadable = UNREADABLE: the record could not be read.
verified-at = Verified by this browser on { $time }, in { $seconds } seconds. The program would end with { $exit }.
its-fingerprint = Fingerprint of this record
why-rule = Rule
why-text = What is wrong
why-entry = Entry
why-expected = Expected
why-found = Found
why-missing = Missing
checks = Checks
check = Check
status = Result
done = Done
of = { $done } of { $total }
status-passed = passed
status-failed = FAILED
status-not-reached = not reached
status-not-applicable = does not apply
check-log = Log, tiles and files
check-checkpoint = Checkpoint and witnesses
check-chain = Chain of entries
check-manifest = Rules of the election
check-roll = List of voters
check-ceremony = Making of the key
check-opening = Opening
check-ballots = Ballots
check-audits = Ballots opened for a check
check-closing = Ballots that count
check-aggregate = Sums of the ballots
check-decryptions = Shares of the totals
check-results = Results
save-report = Save the report (JSON)
save-text = Save the report (text)
save-record = Save the record that was checked
totals-of = Totals of { $title }
counted-all = { $number ->
    [one] One ballot counted
   *[other] { $number } ballots counted
}, for { $weight ->
    [one] one vote
   *[other] { $weight } votes
}.
nobody-elected = Nobody is elected by these totals.
figures-decide = No seats are given here: the figures are the result.
disclosed-only = What is in a part too small to publish is not in these figures.
pairwise-winner = { $name } wins every comparison with another option.
no-pairwise-winner = No option wins every comparison with another, so the rule of this contest decides.
by-part = Totals of each part
part-not-told = { $number } ballots, not told apart
bars = Bars of { $title }: the figures of the table above
cannot-tell = What this page cannot tell
cannot-tell-why = It cannot tell whether the fingerprint in its address is that of your election: compare it with your letter. It cannot tell whether people were kept from voting, whether somebody voted with another's code, or whether a voter's device showed what it sealed. And a page that a server gives can be changed by that server: whoever wants to be sure uses the program, or a copy of this page whose hash they checked.

# Officials
officials = What is awaited now
officials-why = This page only shows. Every step is made with the program, on the machine that has the key file; add --keystore with your file.
awaits-voters = Voting is open. Nothing is awaited from officials now.
step-roll = Send the list of voters.
step-commit = Promise a share of the key (step 1 of 4).
step-deal = Deal the shares (step 2 of 4).
step-check = Check the shares received (step 3 of 4).
step-rehearse = Show that your share works (step 4 of 4).
step-end-stage = End the overdue step without those who are missing.
step-open = Open the voting.
step-close = Close the voting.
step-decrypt = Open your share of the totals.
step-result = Publish the result that follows from the shares.
step-retire = Destroy your share of the key, and say so in the record.
step-again = The key was not made. Begin again with a new election.
due-now = Due since
due-at = Due
copy-command = Copy the command
who-is-who = Who is who
name = Name
role = Role
role-authority = Authority
role-registrar = Keeper of the list of voters { $number }
role-trustee = Key holder { $number }
state-left = no longer part of it
state-awaited = awaited
state-fine = nothing to do

# The file that needs no network
offline = Verify a record without a network
offline-why = This page is one file and works without any network. Choose the folder of a record that you saved; nothing leaves your machine.

# Faults
fault-download = The record could not be fetched. Check the address and try again.
fault-too-large = This record is too large for a browser. Verify it with the program.
fault-not-readable = What was read is not a record.
fault-no-record = No record was read yet.
fault-bad-fingerprint = A fingerprint has 64 letters and digits.
`,Rt=`# 服务器生成的每个页面
skip = 跳到主要内容
languages = 语言
whole-name = 显示完整文字
not-believed = 本页面只是这台服务器的说法，无需轻信：任何人都可以核对背后的公开记录。

# 列表
elections = 选举
election = 选举
state = 状态
no-elections = 这里还没有选举。
mirror = 这台服务器是镜像：保存一份经过核对的公开记录副本，不接收选票。

# 阶段
phase-setup = 准备
phase-voting = 投票
phase-closed = 计票
phase-tallied = 结果
phase-failed = 这场选举已终止，没有结果。

# 链接
fingerprint = 本次选举的指纹。请与您的信逐字核对：
link-vote = 投票
link-check = 用另一台设备核对选票
link-observe = 在浏览器中核对这场选举
link-officials = 工作人员：现在要做什么
link-offline = 保存无需网络的核对程序
link-entries = 阅读公开记录的全部条目

# 时间
times = 时间
opening = 计划开始投票
closing = 投票截止
deadline = 期限：
last-entry = 记录中最新一条

# 表决事项和结果
contests = 表决事项
results = 结果
option = 选项
list = 名单
lists = 各名单得票
seats = 席位
total = 合计
share = 占比
mean = 每张选票平均
outcome = 结果
elected = 当选
blank = 空白票
sum = 以上各行之和
ballots-counted = 计入的选票
weight-counted = 折合票数
figures-votes = 票数
figures-points = 得分
figures-pairs = 与其他选项两两比较获胜次数
figures-budget = 金额，单位 { $currency }
by-unit = 各部分的结果
counting = 正在计票：{ $all-shown } 个部分中已完成 { $done-shown } 个。
withheld = { $number ->
   *[other] 有 { $number-shown } 张选票所在的部分人数太少，不予公布，以免看出某个人的选择。
}
and = { " · " }
elected-names = { $number ->
   *[other] 当选（{ $number-shown }）：{ $names }
}
passed = 通过：赞成 { $yes-shown } 票，需要 { $needed-shown } 票。
not-passed = 未通过：赞成 { $yes-shown } 票，需要 { $needed-shown } 票。
tie-open = 平票，规则未作裁定，涉及 { $seats-shown } 个席位：{ $names }
tie-listed = 平票，按选票上的顺序决定：{ $names }
tie-lot = 平票，由任何人都能重算的抽签决定：{ $names }
vacant = { $seats ->
   *[other] { $seats-shown } 个席位空缺：没有人得到足够的票。
}

# 参与情况
turnout = 选民和选票
roll = 有投票资格的人数
units = 选举的部分数
ballots = 收到的选票
audits = 为检验设备而拆开的选票（不计票）
ballots-why = 规则允许时，选民可以重新投票，只有一张算数，所以选票可能多于选民。

# 等待事项
awaited = 接下来
awaits-nothing = 没有待办事项，选举已经结束。
awaits-roll = { $name } 公布选民名册：{ $chunks-shown } 份中已有 { $received-shown } 份。
awaits-ceremony = { $name } 完成制作密钥 4 步中的第 { $stage-shown } 步。
awaits-opening = 选举机构开放投票，计划时间 { $time }。
awaits-closing = 选民投票。{ $time } 之后由选举机构结束投票。
awaits-decryption = { $all-shown } 位密钥保管人中需要 { $number-shown } 位共同打开总数。尚未完成：
awaits-trustee = { $name } 打开自己的那一份。
awaits-result = 现在任何人都可以公布由记录得出的结果。
awaits-witnesses = { $number ->
   *[other] 有 { $number-shown } 条记录在等待见证人。
}

# 见证人
witnesses = 见证人
witness = 见证人
checkpoint = 记录共有 { $size-shown } 条，其中 { $cosigned-shown } 条已经固定：任何改动都会被发现。
unwitnessed = 这场选举没有见证人。除这台服务器外，没有谁确认大家看到的是同一份记录。
cosigned-at = 最近确认
never = 尚未

# 密钥
ceremony = 密钥和工作人员
ceremony-plan = 选票用一把没有任何人单独持有的密钥锁住。{ $all-shown } 位密钥保管人中 { $number-shown } 位一起才能打开总数，任何时候都不会打开单张选票。
ceremony-stage = 正在制作密钥：第 { $stage-shown } 步（共 4 步），{ $what }。
ceremony-done = 密钥已经做好。
ceremony-failed = 密钥没有做成。
ceremony-left = { $name } 不再是密钥保管人。
waiver-threshold = 注意：按照这场选举的规则，丢失一份密钥就可能无法计票，或者一位保管人可以单独打开。
stage-1 = 第 1 步，承诺
stage-2 = 第 2 步，分发
stage-3 = 第 3 步，核对
stage-4 = 第 4 步，演练
authority = 选举机构
registrars = 选民名册管理人
trustees = 密钥保管人

# 条目
entries = 条目
latest = 最新条目
number = 编号
time = 时间
what = 内容
pending = 等待见证人
span = 第 { $from-shown } 至 { $to-shown } 条，共 { $all-shown } 条（从 0 开始编号）
earlier = 更早的条目
later = 更新的条目
voter = 一位选民
anyone = 某人
entry-unreadable = 此处无法读取这一条。
entry-manifest = { $name } 发起选举并确定了规则。
entry-roll = { $name } 公布了选民名册 { $chunks-shown } 份中的第 { $chunk-shown } 份。
entry-dealing-commitment = { $name } 承诺了密钥的一份。
entry-dealing = { $name } 分发了密钥份额。
entry-complaint = { $name } 证明有一份是错的。
entry-ceremony-confirmation = { $name } 确认了份额。
entry-stage-end = { $name } 结束了制作密钥中逾期的一步。
entry-rehearsal = { $name } 演示了自己的份额可用。
entry-opening = { $name } 开放了投票。
entry-ballot = 一位选民投了票。
entry-ballot-again = 一位选民重新投票，替换先前的选票。
entry-audited-ballot = 一位选民拆开一张选票来检验设备，不计票。
entry-replacement = { $name } 更换了一个丢失的选举码。
entry-extension = { $name } 把投票截止时间改为 { $time }。
entry-closing = { $name } 结束了投票。
entry-partial-decryption = { $name } 打开了 { $contest } 总数的一份。
entry-result = { $name } 公布了 { $contest } 的结果。
entry-continuation = { $name } 把记录移到另一台服务器上继续。
entry-notice = { $name } 发布通知：
entry-retirement = { $name } 销毁了自己的密钥份额。
entry-override = { $name } 登记一位选民改为现场投票：

# 核对
pages = 浏览器页面
pages-why = 这场选举的规则用下面这个数字指定投票和核对页面。程序会拿它与服务器给出的页面比较：
verify = 自己核对
verify-how = 在您信任的计算机上使用程序。请把 ADDRESS 换成本页面地址中第一个单斜杠之前的部分；指纹请以您的信为准，不要从这里抄。第二行检查这台服务器给出的页面是否正确：
`,zt=`# 浏览器中的每个页面
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
`,Bt=`# 观察员和工作人员的页面
views = 本页各部分
view-board = 现状
view-entries = 记录条目
view-verify = 全部核验
view-officials = 工作人员
live = 持续读取
read-to = 已读取 { $size } 条
read-failed = 最近一次读取失败，显示的是较早的内容。
opening-board = 正在打开记录
help-observe = 本页面读取选举的公开记录，并在您自己的浏览器中计算。它不知道任何秘密，也不保存任何内容。“全部核验”中的结果是从头到尾核对过的；其余部分只显示记录所说的内容。用程序也可以做同样的核验：

# 现状
look-fault = 记录违反了规则
look-fault-why = 第 { $entry } 条不应出现在那里。请全部核验，保存记录，并告知其他观察员。
look-not-verified = 这里显示记录所说的内容，不是核验：请选择“全部核验”。
fingerprint-compare = 它必须与选举机构公布的以及信中的一致。
size-of-record = 记录条数
have-voted = 已投票的选举码
turnout-table = 选票数随时间变化（表格）
turnout-over-time = 已记录选票数随时间变化
witnessed-none = 这场选举不要求见证人。只有公告板声称所有人看到同一份记录。
witnessed-too-few = 确认最新状态的见证人还没有达到规则要求的人数。
witnessed-quorum = 已有足够的独立见证人确认最新状态。
witnessed-unknown = 在另一台服务器上继续的记录，其见证人由“全部核验”检查。
mirrors = 其他副本
mirrors-why = 别人服务器上的副本必须是同一份记录，或其开头部分。如果两份不同，就有人说谎，两份签名合在一起即是证据。
mirror-address = 镜像或另一公告板的地址
compare = 比较
address = 地址
what-it-says = 内容
copy-same = 相同的 { $size } 条记录
copy-behind = 到第 { $size } 条为止相同
copy-ahead = 有 { $size } 条，比这里读到的多：请重新读取后再比较
copy-differs = 另一份记录，有 { $size } 条。请保存两份检查点并告知其他观察员。
copy-other = 另一场选举的日志
ceremony-now = 正在生成密钥：第 { $stage } 步，共 4 步。
story = 密钥与计票的逐步经过
entry-number = 第 { $index } 条

# 条目
search-tracker = 用追踪码查找选票
search-hint = 您的浏览器在已读取的内容中查找。没有人知道您在找什么。至少 8 个字符。
search = 查找
search-found = 有 { $number } 张选票符合此追踪码。
search-results = 找到的选票
hash = 条目的散列值
bytes = 它的 { $number } 个字节

# 核验
verify-all = 全部核验
verify-why = 您的浏览器取得全部记录并核对一切：每个签名、每张选票、计票的每一步。这与程序的核验相同，结果也相同。
verify-from = 从何处取得记录
verify-from-hint = 公告板或任何镜像：https 地址，或本机地址。
verify-now = 全部核验
expected-hint = 来自您的信或选举机构。没有它，核验只能说明记录自身一致。
folder = 或选择您保存的记录文件夹
folder-hint = 不会向任何地方发送任何内容。
cancel = 停止
stage-download = 正在取得记录……
stage-entries = 正在核对条目……
stage-sums = 正在合计选票……
stage-proofs = 正在等待选票证明的核对……
verdict = 结论
verdict-valid = 有效：所有检查都通过。
verdict-not-compared = 自身一致：所有检查都通过，但没有与您信任的指纹比较。
verdict-invalid = 无效：记录有错。
verdict-incomplete = 不完整：已有的都正确，但还缺少内容。
verdict-unreadable = 无法读取：记录读不出来。
verified-at = 本浏览器于 { $time } 核验，用时 { $seconds } 秒。程序会以 { $exit } 结束。
its-fingerprint = 此记录的指纹
why-rule = 规则
why-text = 错误
why-entry = 条目
why-expected = 应为
why-found = 实为
why-missing = 缺少
checks = 检查
check = 检查
status = 结果
done = 完成
of = { $done } / { $total }
status-passed = 通过
status-failed = 未通过
status-not-reached = 未进行
status-not-applicable = 不适用
check-log = 日志、分块和文件
check-checkpoint = 检查点和见证人
check-chain = 条目链
check-manifest = 选举规则
check-roll = 选民名册
check-ceremony = 密钥的生成
check-opening = 投票开始
check-ballots = 选票
check-audits = 为检验而拆开的选票
check-closing = 计入的选票
check-aggregate = 选票的合计
check-decryptions = 总数的份额
check-results = 结果
save-report = 保存报告（JSON）
save-text = 保存报告（文本）
save-record = 保存核验过的记录
totals-of = { $title } 的总数
counted-all = 计入 { $number } 张选票，合 { $weight } 票。
nobody-elected = 根据这些总数无人当选。
figures-decide = 这里不分配席位：数字本身就是结果。
disclosed-only = 人数太少而不公布的部分不在这些数字之内。
pairwise-winner = { $name } 在与其他选项的每一次两两比较中都获胜。
no-pairwise-winner = 没有哪个选项赢得全部两两比较，因此按本项表决的规则决定。
by-part = 各部分的总数
part-not-told = { $number } 张选票，不单独公布
bars = { $title } 的条形图：与上表数字相同
cannot-tell = 本页面不能说明什么
cannot-tell-why = 它不能说明地址中的指纹是否属于您的选举：请与您的信比较。它不能说明是否有人被阻止投票、是否有人用了别人的选举码，或选民的设备是否如实封存。服务器给出的页面也可能被该服务器改动：想要确定的人请使用程序，或使用核对过散列值的页面副本。

# 工作人员
officials = 现在需要谁做什么
officials-why = 本页面只作显示。每一步都用程序在存有密钥文件的机器上完成；请加上 --keystore 和您的文件。
awaits-voters = 投票正在进行。目前不需要工作人员做任何事。
step-roll = 发送选民名册。
step-commit = 承诺密钥份额（第 1 步，共 4 步）。
step-deal = 分发份额（第 2 步，共 4 步）。
step-check = 核对收到的份额（第 3 步，共 4 步）。
step-rehearse = 证明您的份额可用（第 4 步，共 4 步）。
step-end-stage = 在缺少某些人的情况下结束逾期的一步。
step-open = 开始投票。
step-close = 结束投票。
step-decrypt = 打开您那一份总数。
step-result = 公布由份额得出的结果。
step-retire = 销毁您的密钥份额，并记入记录。
step-again = 密钥未能生成。请以新的选举重新开始。
due-now = 已到期：
due-at = 到期：
copy-command = 复制命令
who-is-who = 人员
name = 名称
role = 角色
role-authority = 选举机构
role-registrar = 名册管理者 { $number }
role-trustee = 密钥持有人 { $number }
state-left = 已退出
state-awaited = 等待中
state-fine = 无事可做

# 不需要网络的文件
offline = 不用网络核验记录
offline-why = 本页面是一个文件，不需要任何网络。请选择您保存的记录文件夹；没有任何内容离开您的机器。

# 故障
fault-download = 无法取得记录。请检查地址后重试。
fault-too-large = 这份记录太大，浏览器无法处理。请用程序核验。
fault-not-readable = 读到的不是记录。
fault-no-record = 尚未读取记录。
fault-bad-fingerprint = 指纹有 64 个字母和数字。
`,Vt=Symbol.for(`pv`),Ht=0;Array.isArray;function X(t,n,r,i,a,o){n||={};var s,c,l=n;if(`ref`in l&&typeof t!=`function`)for(c in l={},n)c==`ref`?s=n[c]:l[c]=n[c];var u={type:t,props:l,key:r,ref:s,__k:null,__:null,__b:0,__e:null,__c:null,constructor:Vt,__v:--Ht,__i:-1,__u:0};return(a||o)&&(u.__source=a,u.__self=o),e.vnode&&e.vnode(u),u}function Z({text:e}){return X(`bdi`,{children:J(e)})}function Ut({text:e}){let{t}=q(),n=Y(e);return J(e)===n?null:X(`details`,{children:[X(`summary`,{children:t(`whole-name`)}),X(`bdi`,{children:n})]})}function Q({children:e,title:t,error:n=!1}){let{t:r}=q(),i=ht(null);return K(()=>{document.title=r(n?`title-error`:`title`,{title:t})},[t,n,r]),K(()=>i.current?.focus(),[]),X(`h1`,{tabIndex:-1,ref:i,children:e})}function Wt({fault:e,field:t,heading:n}){let r=q(),i=ht(null);if(K(()=>i.current?.focus(),[e]),e===null)return null;let a=Nt(r,e);return X(`div`,{class:`problem`,role:`group`,"aria-labelledby":`problem`,tabIndex:-1,ref:i,children:[X(`h2`,{id:`problem`,children:n??r.t(`problem`)}),X(`p`,{children:t===void 0?a:X(`a`,{href:`#${t}`,onClick:e=>Gt(e,t),children:a})}),X(`details`,{children:[X(`summary`,{children:r.t(`details`)}),X(`p`,{lang:`en`,children:[e.rule===void 0?``:`${e.rule}: `,Y(e.text)]})]})]})}function Gt(e,t){e.preventDefault(),document.getElementById(t)?.focus()}function Kt({progress:e,words:t=`reading`}){let{t:n}=q();return X(`div`,{class:`reading`,children:[X(`p`,{role:`status`,children:n(t)}),e===null||e.total===0?null:X(`progress`,{"aria-label":n(t),max:e.total,value:e.done})]})}function qt({name:e,what:t,children:n}){return X(`button`,{type:`button`,class:`second`,onClick:()=>{let n=document.createElement(`a`);n.href=URL.createObjectURL(new Blob([t],{type:typeof t==`string`?`text/plain`:`application/octet-stream`})),n.download=e,n.click(),setTimeout(()=>URL.revokeObjectURL(n.href),6e4)},children:n})}function Jt({text:e,children:t}){let{t:n}=q(),[r,i]=G(``);return X(b,{children:[X(`button`,{type:`button`,class:`second`,onClick:()=>{navigator.clipboard.writeText(e).then(()=>i(n(`copied`)),()=>i(n(`not-copied`)))},children:t}),X(`span`,{role:`status`,children:r})]})}function Yt({fingerprint:e}){return X(`p`,{class:`print`,translate:!1,dir:`ltr`,children:e.match(/.{1,8}/g)?.join(` `)})}function Xt({minutes:e}){let{language:t}=q(),n=new Date(e*6e4),r=new Intl.DateTimeFormat(t,{dateStyle:`full`,timeStyle:`short`}).format(n);return X(`time`,{dateTime:n.toISOString(),children:r})}var Zt=/^[0-9a-f]{64}$/;function Qt(e){let[t=``,n=``]=decodeURI(e.hash.slice(1)).split(`/`),r=e.pathname.split(`/`);return{election:[t,r[r.lastIndexOf(`elections`)+1]??``].map(e=>e.trim().toLowerCase()).find(e=>Zt.test(e))??null,view:n,boards:document.querySelector(`meta[name=vitrine-boards]`)?.content.split(` `).filter(e=>e!==``)??[e.origin]}}function $t(){let[e,t]=G(()=>Qt(location));return K(()=>{let e=()=>t(Qt(location));return addEventListener(`hashchange`,e),()=>removeEventListener(`hashchange`,e)},[]),e}function en(){let{t:e}=q(),[t,n]=G(``),[r,i]=G(!1);return X(`form`,{onSubmit:e=>{e.preventDefault();let n=/[0-9a-f]{64}/.exec(t.toLowerCase().replace(/\s/g,``));n===null?i(!0):location.hash=n[0]},noValidate:!0,children:[X(Q,{title:e(`no-election`),error:r,children:e(`no-election`)}),r?X(Wt,{fault:{code:`no-fingerprint`,text:`64 hexadecimal digits are looked for`},field:`fingerprint`}):null,X(`p`,{children:e(`no-election-why`)}),X(`div`,{class:`field`,children:[X(`label`,{for:`fingerprint`,children:e(`fingerprint`)}),X(`input`,{id:`fingerprint`,class:`code`,autoComplete:`off`,value:t,onInput:e=>n(e.currentTarget.value)})]}),X(`p`,{class:`deeds`,children:X(`button`,{type:`submit`,children:e(`go-on`)})})]})}var tn=[`auto`,`light`,`dark`,`contrast`],nn=[`s`,`m`,`l`,`xl`];function rn(e,t,n){let[r,i]=G(()=>t.find(t=>t===localStorage.getItem(e))??n);return K(()=>{document.documentElement.dataset[e]=r},[e,r]),[r,t=>{localStorage.setItem(e,t),i(t)}]}function an({help:e,children:t}){let[n,r]=G(jt),[i,a]=rn(`theme`,tn,`auto`),[o,s]=rn(`size`,nn,`m`),c=gt(()=>At(n),[n]),{t:l}=c;K(()=>{document.documentElement.lang=n===`zh`?`zh-Hans`:n,document.documentElement.dir=`ltr`},[n]);let u=e=>{localStorage.setItem(`language`,e),r(e)},d=e;return X(Mt.Provider,{value:c,children:[X(`a`,{class:`skip`,href:`#main`,onClick:e=>{e.preventDefault(),document.getElementById(`main`)?.focus()},children:l(`skip`)}),X(`header`,{class:`top`,children:[X(`p`,{class:`brand`,translate:!1,children:`Vitrine`}),X(`nav`,{"aria-label":l(`languages`),children:X(`ul`,{children:Dt.map(([e,t])=>X(`li`,{children:X(`button`,{type:`button`,class:`plain`,lang:e===`zh`?`zh-Hans`:e,"aria-pressed":e===n,onClick:()=>u(e),children:t})},e))})}),X(`details`,{class:`look`,children:[X(`summary`,{children:l(`look`)}),X(`div`,{class:`look-box`,children:[X(`label`,{children:[l(`theme`),X(`select`,{value:i,onChange:e=>a(e.currentTarget.value),children:tn.map(e=>X(`option`,{value:e,children:l(`theme-${e}`)},e))})]}),X(`label`,{children:[l(`size`),X(`select`,{value:o,onChange:e=>s(e.currentTarget.value),children:nn.map(e=>X(`option`,{value:e,children:l(`size-${e}`)},e))})]})]})]})]}),X(`main`,{id:`main`,tabIndex:-1,children:t}),X(`footer`,{children:X(`details`,{class:`help`,children:[X(`summary`,{children:l(`help`)}),X(d,{})]})})]})}var on=class extends Error{fault;constructor(e){super(e.code),this.fault=e}};function sn(e){return e instanceof on?e.fault:{code:`stopped`,text:e instanceof Error?e.message:String(e)}}var cn=class{start;#e;#t=0;#n=new Map;constructor(e){this.start=e}async call(e,t,n,r=[]){let i=await(this.#e??=this.#r()),a=this.#t++;return new Promise((o,s)=>{this.#n.set(a,{resolve:e=>o(e),reject:s,progress:n}),i.postMessage({id:a,method:e,params:t},r)})}async cancel(){let e=this.#e;this.#e=void 0,(await e?.catch(()=>void 0))?.terminate(),this.#a({code:`cancelled`,text:`stopped by you`})}async#r(){let e=await this.start();return e.addEventListener(`message`,e=>this.#i(e.data)),e.addEventListener(`error`,e=>{this.#e=void 0,this.#a({code:`stopped`,text:e.message??`the worker cannot be loaded`})}),e}#i(e){let t=this.#n.get(e.id);t!==void 0&&(`progress`in e?t.progress?.(e.progress):(this.#n.delete(e.id),`fault`in e?t.reject(new on(e.fault)):t.resolve(e.ok)))}#a(e){for(let t of this.#n.values())t.reject(new on(e));this.#n.clear()}};function ln(e){let t={createScriptURL(t){if(t!==e)throw TypeError(`not this page's worker`);return t}},n=globalThis.trustedTypes?.createPolicy(`app`,t)??t;return async()=>(await un(e),new Worker(n.createScriptURL(e),{type:`module`}))}async function un(e){let t=[...document.querySelectorAll(`meta[name=vitrine-integrity]`)].find(({dataset:t})=>t.file!==void 0&&e.endsWith(`/${t.file}`));if(t===void 0)throw new on({code:`stopped`,text:`the page names no hash for its worker`});await(await fetch(e,{integrity:t.content})).arrayBuffer()}function dn(){let e=ht(!1),[t,n]=G(!1),[r,i]=G(null),[a,o]=G(null);return{busy:t,fault:r,progress:a,setFault:i,run:_t(t=>{e.current||(e.current=!0,n(!0),i(null),o(null),t(o).catch(e=>i(sn(e))).finally(()=>{e.current=!1,n(!1)}))},[])}}var fn=8,pn=4,mn=class extends cn{#e=[];async verify(e,t,n){let r=await this.call(`take`,{source:e,election:t},n),i=performance.now(),a=r===null?[]:gn(r,Math.min(navigator.hardwareConcurrency||1,fn)-1),o=a.map(()=>new cn(this.start));this.#e=o;let s=e=>void 0;try{let e=a.map(()=>0),r=[];for(let[t,n]of o.entries()){let i=a[t]??{setup:[],bundles:[]},o=await this.call(`files`,{names:[...i.setup,...i.bundles]}),c=n=>{e[t]=n.done,s({stage:`proofs`,done:e.reduce((e,t)=>e+t,0),total:a.reduce((e,t)=>e+t.bundles.length,0)})},l=o.map(([,e])=>e.buffer);r.push(n.call(`prove`,{...i,files:o},c,l).catch(()=>new Uint8Array))}let{relies:c,...l}=await this.call(`verify`,{election:t,elsewhere:a.flatMap(({bundles:e})=>e)},n);if(!c)return{...l,seconds:hn(i)};s=n;let u=new Uint8Array(await new Blob(await Promise.all(r)).arrayBuffer());if(this.#e!==o)throw new on({code:`cancelled`,text:`stopped by you`});return{...await this.call(`confirm`,{election:t,proven:u},n),seconds:hn(i)}}finally{for(let e of o)e.cancel()}}async cancel(){let e=this.#e;this.#e=[],await Promise.all([super.cancel(),...e.map(e=>e.cancel())])}};function hn(e){return(performance.now()-e)/1e3}function gn({setup:e,bundles:t},n){let r=t.slice(0,n===1?Math.round(t.length*.8):void 0),i=Math.min(n,Math.floor(r.length/pn)),a=e=>Math.round(r.length*e/i);return Array.from({length:Math.max(i,0)},(t,n)=>({setup:e,bundles:r.slice(a(n),a(n+1))}))}var _n=new URL(`worker-9YCxrUTZ.js`,import.meta.url).href,vn=ln(_n);function yn(){return new mn(vn)}function $(e,t){let n=new Intl.NumberFormat(e);return Object.fromEntries(Object.entries(t).flatMap(([e,t])=>[[e,t],[`${e}-shown`,n.format(t)]]))}function bn(e,t){return new Intl.DateTimeFormat(e,{dateStyle:`long`,timeStyle:`short`}).format(new Date(t*6e4))}function xn({t:e},t,n){let r=(n.number??1)-1;switch(n.author){case`authority`:return J(t.authority);case`registrar`:return J(t.registrars[r]??``);case`trustee`:return J(t.trustees[r]??``);default:return e(n.author)}}function Sn(e,t,n){let{t:r,language:i}=e,{says:a}=n;return r(n.kind===`ballot`&&Number(a.sequence)>1?`entry-ballot-again`:`entry-${n.kind}`,{name:xn(e,t,n),...$(i,{chunk:Number(a.chunk??0),chunks:Number(a.chunks??0)}),time:a.closing===void 0?``:bn(i,Number(a.closing)),contest:J(a.contest??``)})}function Cn({look:e,story:t,client:n,copies:r,keep:i}){let a=q(),{t:o,language:s}=a;return X(b,{children:[X(Q,{title:Y(e.title),children:X(Z,{text:e.title})}),X(Ut,{text:e.title}),e.fault===null?null:X(`div`,{class:`problem`,children:[X(`h2`,{children:o(`look-fault`)}),X(`p`,{children:o(`look-fault-why`,{entry:e.fault.index})}),X(`p`,{lang:`en`,children:Y(e.fault.text)})]}),X(`p`,{class:`state`,role:`status`,children:o(`phase-${e.phase}`)}),X(`p`,{children:o(`look-not-verified`)}),X(`dl`,{children:[X(`dt`,{children:o(`opening`)}),X(`dd`,{children:X(Xt,{minutes:e.opening})}),X(`dt`,{children:o(`closing`)}),X(`dd`,{children:X(Xt,{minutes:e.closing})}),X(`dt`,{children:o(`last-entry`)}),X(`dd`,{children:e.entries===0?null:X(Xt,{minutes:e.last})}),X(`dt`,{children:o(`size-of-record`)}),X(`dd`,{children:new Intl.NumberFormat(s).format(e.entries)})]}),X(`h2`,{children:o(`fingerprint`)}),X(`p`,{children:o(`fingerprint-compare`)}),X(Yt,{fingerprint:e.fingerprint}),X(wn,{look:e}),X(Tn,{look:e}),X(En,{look:e,client:n,copies:r,keep:i}),X(`h2`,{children:o(`ceremony`)}),X(`p`,{children:o(`ceremony-plan`,$(s,{number:e.threshold,all:e.trustees.length}))}),X(`p`,{children:o(e.stage<5?`ceremony-now`:e.phase===`failed`?`ceremony-failed`:`ceremony-done`,{stage:e.stage})}),e.left.map(t=>X(`p`,{children:o(`ceremony-left`,{name:J(e.trustees[t-1]??``)})},t)),X(`details`,{children:[X(`summary`,{children:o(`story`)}),X(`ol`,{class:`story`,children:t.map(t=>X(`li`,{children:[Sn(a,e,t),` `,X(`span`,{class:`quiet`,children:[bn(s,t.time),`, `,o(`entry-number`,{index:t.index})]})]},t.index))})]})]})}function wn({look:e}){let{t,language:n}=q(),r=new Intl.NumberFormat(n),i=e.turnout,[a,o]=[i[0]?.[0]??0,i.at(-1)?.[0]??0],s=[[a,0],...i].map(([t,n])=>`${100*(t-a)/Math.max(1,o-a)},${40-40*n/Math.max(1,e.ballots)}`);return X(`section`,{"aria-labelledby":`turnout`,children:[X(`h2`,{id:`turnout`,children:t(`turnout`)}),X(`dl`,{children:[X(`dt`,{children:t(`roll`)}),X(`dd`,{children:r.format(e.roll)}),X(`dt`,{children:t(`have-voted`)}),X(`dd`,{children:[r.format(e.voters),e.roll===0?``:` (${new Intl.NumberFormat(n,{style:`percent`,maximumFractionDigits:1}).format(e.voters/e.roll)})`]}),X(`dt`,{children:t(`ballots`)}),X(`dd`,{children:r.format(e.ballots)}),X(`dt`,{children:t(`audits`)}),X(`dd`,{children:r.format(e.audits)})]}),X(`p`,{class:`quiet`,children:t(`ballots-why`)}),i.length<2?null:X(b,{children:[X(`details`,{children:[X(`summary`,{children:t(`turnout-table`)}),X(`table`,{children:[X(`caption`,{children:t(`turnout-over-time`)}),X(`thead`,{children:X(`tr`,{children:[X(`th`,{scope:`col`,children:t(`time`)}),X(`th`,{scope:`col`,class:`number`,children:t(`ballots`)})]})}),X(`tbody`,{children:i.map(([e,t])=>X(`tr`,{children:[X(`th`,{scope:`row`,children:bn(n,e)}),X(`td`,{class:`number`,children:r.format(t)})]},e))})]})]}),X(`svg`,{class:`line`,viewBox:`0 0 100 40`,preserveAspectRatio:`none`,role:`img`,"aria-label":t(`turnout-over-time`),children:X(`polyline`,{points:s.join(` `),fill:`none`,"vector-effect":`non-scaling-stroke`})})]})]})}function Tn({look:e}){let{t,language:n}=q();return X(`section`,{"aria-labelledby":`witnesses`,children:[X(`h2`,{id:`witnesses`,children:t(`witnesses`)}),X(`p`,{children:t(`witnessed-${e.witnessed}`)}),e.witnesses.length===0?null:X(`table`,{children:[X(`caption`,{children:t(`witnesses`)}),X(`thead`,{children:X(`tr`,{children:[X(`th`,{scope:`col`,children:t(`witness`)}),X(`th`,{scope:`col`,children:t(`cosigned-at`)})]})}),X(`tbody`,{children:e.witnesses.map(([e,r])=>X(`tr`,{children:[X(`th`,{scope:`row`,children:X(Z,{text:e})}),X(`td`,{children:r===0?t(`never`):bn(n,Math.floor(r/60))})]},e))})]})]})}function En({look:e,client:t,copies:n,keep:r}){let{t:i}=q(),a=dn(),[o,s]=G(``),c=i=>a.run(async()=>{r({...n,[i]:await t.call(`compare`,{board:i,election:e.fingerprint})})}),l=Object.entries(n);return X(`section`,{"aria-labelledby":`mirrors`,children:[X(`h2`,{id:`mirrors`,children:i(`mirrors`)}),X(`p`,{children:i(`mirrors-why`)}),l.length===0?null:X(`table`,{children:[X(`caption`,{children:i(`mirrors`)}),X(`thead`,{children:X(`tr`,{children:[X(`th`,{scope:`col`,children:i(`address`)}),X(`th`,{scope:`col`,children:i(`what-it-says`)})]})}),X(`tbody`,{children:l.map(([e,t])=>X(`tr`,{children:[X(`th`,{scope:`row`,children:Y(e)}),X(`td`,{children:t===null?``:i(`copy-${t.verdict}`,{size:t.size})})]},e))})]}),X(`form`,{onSubmit:e=>{e.preventDefault(),c(o.trim())},noValidate:!0,children:[X(Wt,{fault:a.fault,field:`mirror`}),X(`div`,{class:`field`,children:[X(`label`,{for:`mirror`,children:i(`mirror-address`)}),X(`input`,{id:`mirror`,type:`url`,class:`wide-field`,autoComplete:`off`,spellcheck:!1,value:o,onInput:e=>s(e.currentTarget.value)})]}),X(`p`,{class:`deeds`,children:X(`button`,{type:`submit`,class:`second`,disabled:a.busy||o.trim()===``,children:i(`compare`)})})]})]})}var Dn=50;function On({look:e,client:t}){let{t:n,language:r}=q(),i=dn(),{run:a}=i,o=Math.max(0,e.entries-Dn),[s,c]=G(o),[l,u]=G([]),[d,f]=G(``),[p,m]=G(null);return K(()=>a(async()=>u(await t.call(`entries`,{from:s,count:Dn}))),[a,t,s,e.entries]),X(b,{children:[X(Q,{title:n(`entries`),error:i.fault!==null,children:n(`entries`)}),X(Wt,{fault:i.fault,field:`tracker`}),X(`form`,{onSubmit:e=>{e.preventDefault(),m(null),a(async()=>m(await t.call(`find`,{tracker:d})))},noValidate:!0,children:[X(`div`,{class:`field`,children:[X(`label`,{for:`tracker`,children:n(`search-tracker`)}),X(`p`,{class:`hint`,id:`tracker-hint`,children:n(`search-hint`)}),X(`input`,{id:`tracker`,class:`code`,autoComplete:`off`,spellcheck:!1,"aria-describedby":`tracker-hint`,value:d,onInput:e=>f(e.currentTarget.value)})]}),X(`p`,{class:`deeds`,children:X(`button`,{type:`submit`,disabled:i.busy,children:n(`search`)})})]}),X(`div`,{role:`status`,children:p===null?null:X(`p`,{children:n(`search-found`,{number:p.length})})}),p===null||p.length===0?null:X(kn,{caption:n(`search-results`),entries:p,look:e,client:t}),X(kn,{caption:n(`span`,$(r,{from:l[0]?.index??0,to:l.at(-1)?.index??0,all:e.entries})),entries:l,look:e,client:t}),X(`p`,{class:`deeds`,children:[X(`button`,{type:`button`,class:`second`,disabled:s===0,onClick:()=>c(Math.max(0,s-Dn)),children:n(`earlier`)}),X(`button`,{type:`button`,class:`second`,disabled:s>=o,onClick:()=>c(Math.min(o,s+Dn)),children:n(`later`)})]})]})}function kn({caption:e,entries:t,look:n,client:r}){let i=q(),{t:a,language:o}=i;return X(`div`,{class:`scroll`,tabIndex:0,role:`region`,"aria-label":e,children:X(`table`,{class:`entries`,children:[X(`caption`,{children:e}),X(`thead`,{children:X(`tr`,{children:[X(`th`,{scope:`col`,class:`number`,children:a(`number`)}),X(`th`,{scope:`col`,class:`when`,children:a(`time`)}),X(`th`,{scope:`col`,children:a(`what`)})]})}),X(`tbody`,{children:t.map(e=>X(`tr`,{children:[X(`th`,{scope:`row`,class:`number`,children:e.index}),X(`td`,{children:bn(o,e.time)}),X(`td`,{children:[Sn(i,n,e),e.tracker===void 0?null:X(`p`,{class:`print`,translate:!1,dir:`ltr`,children:e.tracker}),e.says.text===void 0?null:X(`p`,{children:X(Z,{text:e.says.text})}),e.says.reason===void 0?null:X(`p`,{children:X(Z,{text:e.says.reason})}),X(An,{entry:e,client:r})]})]},e.index))})]})})}function An({entry:e,client:t}){let{t:n}=q(),[r,i]=G(null);return X(`details`,{onToggle:n=>{n.currentTarget.open&&r===null&&t.call(`entry`,{index:e.index}).then(i,()=>i(``))},children:[X(`summary`,{children:[n(`details`),X(`span`,{class:`hidden`,children:[` `,n(`entry-number`,{index:e.index})]})]}),X(`dl`,{children:[Object.entries(e.says).map(([e,t])=>X(`div`,{children:[X(`dt`,{lang:`en`,children:e}),X(`dd`,{children:X(Z,{text:t})})]},e)),X(`dt`,{children:n(`hash`)}),X(`dd`,{class:`bytes`,translate:!1,children:e.hash}),X(`dt`,{children:n(`bytes`,{number:e.bytes})}),X(`dd`,{class:`bytes`,translate:!1,children:r??`…`})]})]})}function jn(){let{t:e}=q();return X(b,{children:[X(`p`,{children:e(`help-observe`)}),X(`p`,{lang:`en`,children:X(`code`,{children:`vitrine verify`})})]})}function Mn({look:e,board:t,now:n}){let r=q(),{t:i}=r,a=n=>`vitrine ${n.command} --board ${t} --election ${e.fingerprint}`,o=[[`authority`,[e.authority]],[`registrar`,e.registrars],[`trustee`,e.trustees]];return X(b,{children:[X(Q,{title:i(`officials`),children:i(`officials`)}),X(`p`,{children:[X(Z,{text:e.title}),`: `,i(`phase-${e.phase}`)]}),X(`p`,{children:i(`officials-why`)}),X(`h2`,{children:i(`awaited`)}),e.awaited.length===0?X(`p`,{class:`state`,role:`status`,children:i(e.phase===`voting`?`awaits-voters`:`awaits-nothing`)}):null,e.phase===`voting`?X(`p`,{children:[i(`closing`),`: `,X(Xt,{minutes:e.closing})]}):null,e.awaited.map(t=>X(`section`,{class:`answer`,children:[X(`h3`,{children:t.who===`anyone`?i(`anyone`):xn(r,e,{author:t.who,number:t.number})}),X(`p`,{children:i(`step-${t.step}`)}),t.due===null?null:X(`p`,{class:t.due<=n&&t.step!==`open`?`wrong`:`quiet`,children:[i(t.due<=n?`due-now`:`due-at`),` `,X(Xt,{minutes:t.due})]}),X(`p`,{class:`print`,translate:!1,dir:`ltr`,children:Y(a(t))}),X(`p`,{class:`deeds`,children:X(Jt,{text:a(t),children:[i(`copy-command`),X(`span`,{class:`hidden`,children:[` `,i(`step-${t.step}`)]})]})})]},`${t.who}-${t.number}-${t.step}`)),X(`h2`,{children:i(`who-is-who`)}),X(`table`,{children:[X(`caption`,{children:i(`who-is-who`)}),X(`thead`,{children:X(`tr`,{children:[X(`th`,{scope:`col`,children:i(`name`)}),X(`th`,{scope:`col`,children:i(`role`)}),X(`th`,{scope:`col`,children:i(`state`)})]})}),X(`tbody`,{children:o.flatMap(([t,n])=>n.map((n,r)=>{let a=t===`authority`?0:r+1,o=e.awaited.some(e=>e.who===t&&e.number===a),s=t===`trustee`&&e.left.includes(a);return X(`tr`,{children:[X(`th`,{scope:`row`,children:J(n)}),X(`td`,{children:i(`role-${t}`,{number:a})}),X(`td`,{children:i(s?`state-left`:o?`state-awaited`:`state-fine`)})]},`${t}-${r}`)}))})]})]})}function Nn({detail:e,method:t,title:n}){return e.form===`figures`?n!==null||t===`score`||t===`cumulative`:e.form!==`question`}function Pn({outcome:e,title:t}){let n=q(),{detail:r}=e;if(r.form===`linked`)return X(b,{children:r.questions.map((e,n)=>X(`section`,{children:[X(`h4`,{children:X(Z,{text:e.title??``})}),X(Pn,{outcome:e,title:e.title??t})]},n))});let i=Nn(e)&&e.options.length>0;return X(b,{children:[Fn(n,e).map((e,t)=>X(`p`,{children:e},t)),r.form===`lists`?X(Rn,{lists:r.lists}):null,i?X(Ln,{outcome:e}):null,i?X(zn,{title:t,figures:e.options.map(e=>e.points)}):null]})}function Fn({t:e,language:t},n){let{detail:r,winners:i,options:a}=n,o=t=>t.map(J).join(e(`and`)),s=e=>a.find(t=>t.option===e)?.name??``,c=(n,r)=>e(`tie-${n.broken_by??`open`}`,{...$(t,{seats:n.seats}),names:o(n.among.map(r))});if(r.form===`question`)return[e(r.passed?`passed`:`not-passed`,$(t,{yes:r.yes,needed:r.needed}))];if(r.form===`budget`||n.seats===0)return[e(`figures-decide`)];let l=[i.length===0?e(`nobody-elected`):e(`elected-names`,{...$(t,{number:i.length}),names:o(i.map(s))})];if(r.form===`pairwise`&&n.base>0){let t=r.condorcet_winner;l.push(t===null?e(`no-pairwise-winner`):e(`pairwise-winner`,{name:J(s(t))}))}return r.form===`lists`&&l.push(...r.ties.map(e=>c(e,e=>r.lists[e]?.name??``))),l.push(...n.ties.map(e=>c(e,s))),n.vacant>0&&l.push(e(`vacant`,$(t,{seats:n.vacant}))),l}function In({t:e},{detail:t,method:n}){return t.form===`budget`?e(`figures-budget`,{currency:J(t.currency)}):t.form===`pairwise`?e(`figures-pairs`):e(t.form===`positional`||n===`score`||n===`cumulative`?`figures-points`:`figures-votes`)}function Ln({outcome:e}){let t=q(),{t:n,language:r}=t,i=new Intl.NumberFormat(r,{maximumFractionDigits:2}),a=e.detail.form===`budget`,o=e=>e===null||e.denominator===0?``:i.format(e.numerator/e.denominator);return X(`div`,{class:`scroll`,tabIndex:0,role:`region`,"aria-label":In(t,e),children:X(`table`,{children:[X(`caption`,{children:In(t,e)}),X(`thead`,{children:X(`tr`,{children:[X(`th`,{scope:`col`,children:n(`option`)}),X(`th`,{scope:`col`,class:`number`,children:n(`total`)}),a?X(`th`,{scope:`col`,class:`number`,children:n(`mean`)}):null,e.seats>0?X(`th`,{scope:`col`,children:n(`outcome`)}):null]})}),X(`tbody`,{children:e.options.map(t=>X(`tr`,{children:[X(`th`,{scope:`row`,children:X(Z,{text:t.name})}),X(`td`,{class:`number`,children:i.format(t.points)}),a?X(`td`,{class:`number`,children:o(t.mean)}):null,e.seats>0?X(`td`,{children:t.elected?n(`elected`):`–`}):null]},t.option))})]})})}function Rn({lists:e}){let{t,language:n}=q(),r=new Intl.NumberFormat(n),i=e.some(e=>e.seats!==null);return X(`table`,{children:[X(`caption`,{children:t(`lists`)}),X(`thead`,{children:X(`tr`,{children:[X(`th`,{scope:`col`,children:t(`list`)}),X(`th`,{scope:`col`,class:`number`,children:t(`total`)}),i?X(`th`,{scope:`col`,class:`number`,children:t(`seats`)}):null]})}),X(`tbody`,{children:e.map((e,t)=>X(`tr`,{children:[X(`th`,{scope:`row`,children:X(Z,{text:e.name})}),X(`td`,{class:`number`,children:r.format(e.votes)}),i?X(`td`,{class:`number`,children:e.seats===null?`–`:r.format(e.seats)}):null]},t))})]})}function zn({title:e,figures:t}){let{t:n}=q(),r=Math.max(1,...t);return X(`svg`,{class:`bars`,viewBox:`0 0 100 ${t.length*6}`,preserveAspectRatio:`none`,role:`img`,"aria-label":n(`bars`,{title:J(e)}),children:t.map((e,t)=>X(`rect`,{x:`0`,y:t*6+1,width:100*e/r,height:`4`},t))})}function Bn({result:e,at:t}){let{t:n,language:r}=q(),i=JSON.parse(e.json),{verdict:a}=i,o=a.is===`valid`&&i.compared,s=new Intl.DateTimeFormat(r,{dateStyle:`medium`,timeStyle:`short`}).format(t);return X(`section`,{"aria-labelledby":`verdict`,children:[X(`h2`,{id:`verdict`,children:n(`verdict`)}),X(`p`,{class:a.is===`invalid`||a.is===`unreadable`?`state not-cast`:o?`state cast`:`state`,role:`status`,children:n(a.is===`valid`&&!i.compared?`verdict-not-compared`:`verdict-${a.is}`)}),a.why===void 0?null:X(Vn,{why:a.why}),X(`p`,{lang:`en`,children:Y(i.headline)}),X(`p`,{class:`quiet`,children:n(`verified-at`,{time:s,seconds:Math.round(e.seconds*10)/10,exit:e.exit})}),i.fingerprint===null?null:X(b,{children:[X(`h3`,{children:n(`its-fingerprint`)}),X(Yt,{fingerprint:i.fingerprint})]}),i.waivers.map(e=>X(`p`,{class:`note`,lang:`en`,children:Y(e.text)},e.waiver)),X(`div`,{class:`scroll`,tabIndex:0,role:`region`,"aria-label":n(`checks`),children:X(`table`,{children:[X(`caption`,{children:n(`checks`)}),X(`thead`,{children:X(`tr`,{children:[X(`th`,{scope:`col`,children:n(`check`)}),X(`th`,{scope:`col`,children:n(`status`)}),X(`th`,{scope:`col`,class:`number`,children:n(`done`)})]})}),X(`tbody`,{children:i.checks.map(e=>X(`tr`,{children:[X(`th`,{scope:`row`,children:[e.number,`. `,n(`check-${e.check}`)]}),X(`td`,{children:n(`status-${e.status}`)}),X(`td`,{class:`number`,children:n(`of`,{done:e.done,total:e.total})})]},e.number))})]})}),X(`p`,{class:`deeds`,children:[X(qt,{name:`verification-report.json`,what:e.json,children:n(`save-report`)}),X(qt,{name:`verification-report.txt`,what:e.text,children:n(`save-text`)})]}),X(Hn,{results:i.results})]})}function Vn({why:e}){let{t}=q();return X(`dl`,{children:[[`why-rule`,e.rule],[`why-text`,e.text],[`why-entry`,e.entry],[`why-expected`,e.expected],[`why-found`,e.found],[`why-missing`,e.missing?.join(`; `)]].map(([e,n])=>n===void 0?null:X(`div`,{children:[X(`dt`,{children:t(e)}),X(`dd`,{lang:`en`,children:Y(String(n))})]},e))})}function Hn({results:e}){let{t}=q();return e.length===0?null:X(`section`,{"aria-labelledby":`results`,children:[X(`h2`,{id:`results`,children:t(`results`)}),e.map(e=>X(Un,{contest:e},e.contest))]})}function Un({contest:e}){let{t,language:n}=q(),r=new Intl.NumberFormat(n),{outcome:i}=e;return X(`section`,{class:`answer`,children:[X(`h3`,{children:X(Z,{text:e.title})}),X(Ut,{text:e.title}),X(`p`,{class:`quiet`,lang:`en`,children:Y(e.rule)}),X(Wn,{caption:t(`totals-of`,{title:J(e.title)}),slots:e.slots}),X(`p`,{children:t(`counted-all`,{number:e.counted,weight:e.weight})}),e.disclosed_only?X(`p`,{class:`note`,children:t(`disclosed-only`)}):null,i===null?null:X(Pn,{outcome:i,title:e.title}),i!==null&&Nn(i)?null:X(zn,{title:e.title,figures:e.slots.map(e=>e.total)}),e.groups.length<2?null:X(`details`,{children:[X(`summary`,{children:[t(`by-part`),X(`span`,{class:`hidden`,children:[` `,J(e.title)]})]}),e.groups.map(e=>X(`div`,{children:e.slots===null||e.status!==`decrypted`?X(`p`,{children:[e.units.map(J).join(` + `),`: `,t(`part-not-told`,{number:r.format(e.counted)})]}):X(Wn,{caption:e.units.map(J).join(` + `),slots:e.slots})},e.group))]})]})}function Wn({caption:e,slots:t}){let{t:n,language:r}=q(),i=new Intl.NumberFormat(r);return X(`table`,{children:[X(`caption`,{children:e}),X(`thead`,{children:X(`tr`,{children:[X(`th`,{scope:`col`,children:n(`option`)}),X(`th`,{scope:`col`,class:`number`,children:n(`total`)})]})}),X(`tbody`,{children:t.map((e,t)=>X(`tr`,{children:[X(`th`,{scope:`row`,children:e.blank?n(`blank`):X(Z,{text:e.name})}),X(`td`,{class:`number`,children:i.format(e.total)})]},t))}),X(`tfoot`,{children:X(`tr`,{children:[X(`th`,{scope:`row`,children:n(`sum`)}),X(`td`,{class:`number`,children:i.format(t.reduce((e,t)=>e+t.total,0))})]})})]})}function Gn({client:e,election:t,board:n,verified:r,done:i}){let{t:a}=q(),o=dn(),[s,c]=G(n??``),[l,u]=G(``),[d,f]=G(`download`),p=n===null?`offline`:`verify-all`,m=t??(l.replace(/\s/g,``).toLowerCase()||null),h=t=>o.run(async n=>{f(`download`),i({result:await e.verify(t,m,e=>{f(e.stage??`download`),n(e)}),at:Date.now()})}),g=e=>{e!==null&&e.length>0&&h({files:[...e]})};return X(b,{children:[X(Q,{title:a(p),error:o.fault!==null,children:a(p)}),X(Wt,{fault:o.fault}),X(`p`,{children:a(n===null?`offline-why`:`verify-why`)}),t===null?X(`div`,{class:`field`,children:[X(`label`,{for:`expected`,children:a(`fingerprint`)}),X(`p`,{class:`hint`,id:`expected-hint`,children:a(`expected-hint`)}),X(`input`,{id:`expected`,class:`code`,autoComplete:`off`,spellcheck:!1,"aria-describedby":`expected-hint`,value:l,onInput:e=>u(e.currentTarget.value)})]}):null,n===null?null:X(`form`,{onSubmit:e=>{e.preventDefault(),h({board:s})},noValidate:!0,children:[X(`div`,{class:`field`,children:[X(`label`,{for:`address`,children:a(`verify-from`)}),X(`p`,{class:`hint`,id:`address-hint`,children:a(`verify-from-hint`)}),X(`input`,{id:`address`,type:`url`,class:`wide-field`,autoComplete:`off`,spellcheck:!1,"aria-describedby":`address-hint`,value:s,onInput:e=>c(e.currentTarget.value)})]}),X(`p`,{class:`deeds`,children:X(`button`,{type:`submit`,disabled:o.busy,children:a(`verify-now`)})})]}),X(`div`,{class:`field`,children:[X(`label`,{for:`folder`,children:a(`folder`)}),X(`p`,{class:`hint`,id:`folder-hint`,children:a(`folder-hint`)}),X(`input`,{id:`folder`,type:`file`,multiple:!0,disabled:o.busy,"aria-describedby":`folder-hint`,webkitdirectory:!0,onChange:e=>g(e.currentTarget.files)})]}),o.busy?X(b,{children:[X(Kt,{progress:o.progress,words:`stage-${d}`}),X(`p`,{class:`deeds`,children:X(`button`,{type:`button`,class:`second`,onClick:()=>void e.cancel(),children:a(`cancel`)})})]}):null,r===null||o.busy?null:X(b,{children:[X(Bn,{result:r.result,at:r.at}),X(`p`,{class:`deeds`,children:X(`button`,{type:`button`,class:`second`,onClick:()=>o.run(async()=>{let t=document.createElement(`a`);t.href=URL.createObjectURL(await e.call(`record`,{})),t.download=`record.tar`,t.click(),setTimeout(()=>URL.revokeObjectURL(t.href),6e4)}),children:a(`save-record`)})})]}),X(`h2`,{children:a(`cannot-tell`)}),X(`p`,{children:a(`cannot-tell-why`)})]})}var Kn=[`board`,`entries`,`verify`,`officials`],qn=15e3;function Jn(){return X(an,{help:jn,children:X(Yn,{})})}function Yn(){let e=$t();return e.election===null?X(en,{}):X(Zn,{election:e.election,boards:e.boards,view:e.view},e.election)}function Xn(){return Math.floor(Date.now()/6e4)}function Zn({election:e,boards:t,view:n}){let{t:r}=q(),i=gt(yn,[]),a=dn(),{run:o}=a,[s,c]=G(t[0]??location.origin),[l,u]=G(null),[d,f]=G([]),[p,m]=G(null),[h,g]=G({}),[_,v]=G(Kn.find(e=>e===n)??`board`),[y,x]=G(!0),S=_t(()=>o(async n=>{let r=null;for(let a of[s,...t.filter(e=>e!==s)])try{u(await i.call(`follow`,{board:a,election:e,now:Xn()},n)),f(await i.call(`story`,{})),c(a);return}catch(e){r??=e}throw r}),[o,i,s,t,e]);K(()=>(S(),()=>void i.cancel()),[]);let C=y&&_!==`verify`;return K(()=>{if(!C)return;let e=setInterval(S,qn);return()=>clearInterval(e)},[C,S]),l===null?X(b,{children:[X(Q,{title:r(`opening-board`),error:a.fault!==null,children:r(`opening-board`)}),X(Wt,{fault:a.fault}),a.busy?X(Kt,{progress:a.progress}):X(`p`,{class:`deeds`,children:X(`button`,{type:`button`,onClick:S,children:r(`again`)})})]}):X(b,{children:[X(`nav`,{class:`views`,"aria-label":r(`views`),children:[X(`ul`,{children:Kn.map(e=>X(`li`,{children:X(`button`,{type:`button`,class:`plain`,"aria-current":e===_?`page`:void 0,onClick:()=>v(e),children:r(`view-${e}`)})},e))}),X(`p`,{children:[X(`button`,{type:`button`,class:`second`,"aria-pressed":y,onClick:()=>x(!y),children:r(`live`)}),` `,X(`span`,{role:`status`,children:a.fault===null?r(`read-to`,{size:l.entries}):r(`read-failed`)})]})]}),_===`board`?X(Cn,{look:l,story:d,client:i,copies:h,keep:g}):null,_===`entries`?X(On,{look:l,client:i}):null,_===`verify`?X(Gn,{client:i,election:e,board:s,verified:p,done:m}):null,_===`officials`?X(Mn,{look:l,board:s,now:Xn()}):null]})}kt(`en`,Lt,It,Ft),kt(`zh`,Bt,zt,Rt);var Qn=document.getElementById(`app`);Qn!==null&&P(X(Jn,{}),Qn);