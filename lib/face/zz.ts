import { readRegressor } from "./regressor_file.ts";import { predict } from "./regressor.ts"; import {decode} from "fast-png";
const here='/work/main/lib/face/testdata/';const g=JSON.parse(Deno.readTextFileSync(here+'landmarks.json'));
const tiny=readRegressor(Deno.readFileSync(here+'tiny.dat'),'t');console.log(tiny.sizes,tiny.leaves.length);
const pat=new Uint8Array(97*83);for(let y=0;y<83;y++)for(let x=0;x<97;x++)pat[y*97+x]=(Math.floor(x*x/5)+Math.floor(y*y/7)+Math.floor(x*y/3))%256;
const col=(a:Uint8Array)=>Uint8Array.from(a).length?Uint8Array.from([...a].flatMap(g=>[g,g>>1,255-Math.floor(g*g/255)])):a;
const png=decode(Deno.readFileSync(here+'face.png'));console.log(png.width,png.channels,png.depth);
const m=readRegressor(Deno.readFileSync('/tmp/face/sp68.dat'),'');
const test=(n:string,r:any,a:Uint8Array,w:number,h:number)=>{for(const k of ['grey','colour'] as const)for(const c of g[n][k]){const [l,t,rr,b]=c.box;const p=predict(r,{data:k=='grey'?a:col(a),width:w,height:h,channels:k=='grey'?1:3},{x:l,y:t,width:rr-l+1,height:b-t+1});let bad=0;for(let i=0;i<p.length;i++)if(Math.floor(p[i]+.5)!==c.points[i])bad++;console.log(n,k,c.box.join(),'bad',bad,'/',p.length)}};
test('tiny',tiny,pat,97,83);test('face',m,png.data as Uint8Array,256,256);
