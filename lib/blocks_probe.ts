import { openBackend, tf, runOp, attribute as A } from "lib/train/backend.ts";
await openBackend();
const T=A.type("float32");
function t(name:string,f:()=>void,n=30){for(let i=0;i<5;i++)tf.tidy(f);const ts:number[]=[];for(let i=0;i<n;i++){const s=performance.now();tf.tidy(f);ts.push(performance.now()-s)}ts.sort((a,b)=>a-b);console.log(name.padEnd(30),ts[n>>1].toFixed(3),ts[0].toFixed(3))}
const r=(s:number[])=>tf.randomNormal(s);
function stst(F:number){
 const x=r([256,28,28,3]),w=r([3,3,3,F]),y=r([256,30,30,F]),b=r([F]);
 const conv={T,strides:A.int([1,1,1,1]),padding:A.string("EXPLICIT"),explicit_paddings:A.int([0,0,2,2,2,2,0,0]),data_format:A.string("NHWC"),dilations:A.int([1,1,1,1]),use_cudnn_on_gpu:A.bool(true)};
 const conv2={T,strides:A.int([1,1,1,1]),padding:A.string("VALID"),data_format:A.string("NHWC"),dilations:A.int([1,1,1,1]),use_cudnn_on_gpu:A.bool(true)};
 const x2=r([256,32,32,3]);
 console.log("F",F);
 t("conv",()=>{runOp("Conv2D",conv,[x,w])});
 t("conv valid",()=>{runOp("Conv2D",conv2,[x2,w])});
 t("convBackFilter",()=>{runOp("Conv2DBackpropFilter",conv,[x,tf.tensor1d([3,3,3,F],"int32"),y])});
 t("convBackFilter valid",()=>{runOp("Conv2DBackpropFilter",conv2,[x2,tf.tensor1d([3,3,3,F],"int32"),y])});
 const x2t=r([3,32,32,256]),yt=r([30,30,256,F]);
 t("  as conv",()=>{runOp("Conv2D",conv2,[x2t,yt])});
 t("  transposes",()=>{tf.transpose(x2,[3,1,2,0]);tf.transpose(y,[1,2,0,3])});
 const w16=r([3,3,4,F]), x4=r([256,32,32,4]);
 t("conv 4",()=>{runOp("Conv2D",conv2,[x4,w16])});
 t("convBackFilter 4",()=>{runOp("Conv2DBackpropFilter",conv2,[x4,tf.tensor1d([3,3,4,F],"int32"),y])});
 const cols=r([256*900,27]); const y2=y.reshape([256*900,F]); const wk=r([27,F]);
 t(" im2col mm fwd",()=>{tf.matMul(cols as any,wk as any)});
 t(" im2col mm gw",()=>{tf.matMul(cols as any,y2 as any,true,false)});
 t("biasadd",()=>{runOp("BiasAdd",{T,data_format:A.string("NHWC")},[y,b])});
 t("biasaddgrad",()=>{runOp("BiasAddGrad",{T,data_format:A.string("NHWC")},[y])});
 t("relu",()=>{runOp("Relu",{T},[y])});
 t("relugrad",()=>{runOp("ReluGrad",{T},[y,y])});
 const bn={T,U:T,epsilon:A.float(1e-5),data_format:A.string("NHWC"),exponential_avg_factor:A.float(0.1),is_training:A.bool(true)};
 const [,m,v,r1,r2,r3]=runOp("FusedBatchNormV3",bn,[y,b,b,b,b],6) as any;
 t("bn",()=>{runOp("FusedBatchNormV3",bn,[y,b,b,b,b],6)});
 t("bngrad",()=>{runOp("FusedBatchNormGradV3",{T,U:T,epsilon:A.float(1e-5),data_format:A.string("NHWC"),is_training:A.bool(true)},[y,y,b,r1,r2,r3],5)});
 const mp={T,ksize:A.int([1,3,3,1]),strides:A.int([1,3,3,1]),padding:A.string("EXPLICIT"),explicit_paddings:A.int([0,0,1,1,1,1,0,0]),data_format:A.string("NHWC")};
 const [p]=runOp("MaxPool",mp,[y]) as any;
 t("maxpool",()=>{runOp("MaxPool",mp,[y])});
 t("maxpoolgrad",()=>{runOp("MaxPoolGrad",mp,[y,p,p])});
 const mv={...mp,padding:A.string("VALID")};delete (mv as any).explicit_paddings;
 t("maxpool valid",()=>{runOp("MaxPool",mv,[y])});
 t("maxpoolgrad valid",()=>{runOp("MaxPoolGrad",mv,[y,p,p])});
 const ma={T,Targmax:A.type("int32"),ksize:A.int([1,3,3,1]),strides:A.int([1,3,3,1]),padding:A.string("VALID"),include_batch_in_index:A.bool(false)};
 try{
 const [pa,ai]=runOp("MaxPoolWithArgmax",ma,[y],2) as any;
 t("maxpoolarg",()=>{runOp("MaxPoolWithArgmax",ma,[y],2)});
 t("maxpoolargrad",()=>{runOp("MaxPoolGradWithArgmax",ma,[y,p,ai],1)});
 }catch(e){console.log(String(e).slice(0,300))}
 const y3={T,ksize:A.int([1,1,3,3,1]),strides:A.int([1,1,3,3,1]),padding:A.string("VALID"),data_format:A.string("NDHWC")};
 const yy=y.reshape([256,1,30,30,F]),pp=p.reshape([256,1,10,10,F]);
 t("maxpool3d valid",()=>{runOp("MaxPool3D",y3,[yy])});
 t("maxpool3dgrad valid",()=>{runOp("MaxPool3DGrad",{...y3,TInput:T},[yy,pp,pp])});
 try{
 const k={T,ksize:A.int([1,3,3,1]),strides:A.int([1,3,3,1]),padding:A.string("EXPLICIT"),explicit_paddings:A.int([0,0,1,1,1,1,0,0]),data_format:A.string("NHWC"),workspace_enabled:A.bool(true),_kernel:A.string("MklNameChangeOp")};
 const [a,ws]=runOp("_MklNativeMaxPool",k,[y],2) as any;
 t("mklpool",()=>{runOp("_MklNativeMaxPool",k,[y],2)});
 t("mklpoolgrad",()=>{runOp("_MklNativeMaxPoolGrad",k,[y,p,p,ws],1)});
 }catch(e){console.log(String(e).slice(0,300))}
 const s={T,Tlen:A.int(3)};
 t("slices W",()=>{const z=y.reshape([2560*3,10,3,F]); runOp("Split",{T,num_split:A.int(3)},[tf.scalar(2,"int32"),z],3)});
 t("slices H",()=>{const z=y.reshape([2560,3,30,F]); runOp("Split",{T,num_split:A.int(3)},[tf.scalar(1,"int32"),z],3)});
 t("all max W",()=>{const z=y.reshape([2560*3,10,3,F]); tf.max(z,2)});
}
stst(16);
